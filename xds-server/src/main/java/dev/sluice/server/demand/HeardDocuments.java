package dev.sluice.server.demand;

import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.SourceName;
import dev.sluice.source.Source;
import dev.sluice.source.SourceEntry;
import dev.sluice.source.SourceEntry.OfDocument;
import dev.sluice.source.SourceEntry.OfDocumentKey;
import dev.sluice.source.SourceSink;
import dev.sluice.source.SourceStatus;
import dev.sluice.source.SourceUpdate;
import dev.sluice.source.SourceUpdate.Remove;
import dev.sluice.source.SourceUpdate.Replace;
import dev.sluice.source.SourceUpdate.Synced;
import dev.sluice.source.SourceUpdate.Upsert;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.NamedServices;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hears, on their way, the documents that sources tell: by them services are wanted.
 *
 * <p>One that names services which nobody has read yet is held back until they are, and with it
 * those that were told together with it: in force before, it would send calls to nobody. After
 * {@link #PATIENCE} it goes on. Any thread may tell.
 */
public final class HeardDocuments implements SourceSink {
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Logger LOG = LoggerFactory.getLogger(HeardDocuments.class);

  private final SourceSink next;
  private final ServiceDemand demand;
  private final ScheduledExecutorService timer;
  private final Duration patience;
  private final Map<SourceName, Heard> all = new HashMap<>();

  /** What was heard of one source. */
  private static final class Heard {
    final Map<DocumentKey, Document> documents = new HashMap<>();
    boolean synced;
    List<SourceUpdate> held = new ArrayList<>();
    final Set<ServiceId> heldFor = new TreeSet<>();

    boolean holds() {
      return !held.isEmpty();
    }

    /** Whether a later word of a document that is held back has to wait as well. */
    boolean isHeld(SourceUpdate update) {
      return held.stream().anyMatch(one -> documentOf(one).equals(documentOf(update)));
    }
  }

  private HeardDocuments(
      SourceSink next, ServiceDemand demand, ScheduledExecutorService timer, Duration patience) {
    this.next = next;
    this.demand = demand;
    this.timer = timer;
    this.patience = patience;
    demand.onChange(() -> timer.execute(this::release));
  }

  /**
   * Hears what these sources tell to {@code next}, and has all of them awaited.
   *
   * @param timer lets go what was held back
   */
  public static SourceSink of(
      List<Source> sources, SourceSink next, ServiceDemand demand, ScheduledExecutorService timer) {
    sources.forEach(source -> demand.await(source.name()));
    return of(next, demand, timer, PATIENCE);
  }

  static SourceSink of(
      SourceSink next, ServiceDemand demand, ScheduledExecutorService timer, Duration patience) {
    return new HeardDocuments(next, demand, timer, patience);
  }

  @Override
  public synchronized void accept(SourceName source, List<SourceUpdate> updates) {
    Heard heard = all.computeIfAbsent(source, _ -> new Heard());
    boolean first = !heard.synced;
    boolean anew = false;
    boolean changed = false;
    Set<ServiceId> services = new HashSet<>();
    for (SourceUpdate update : updates) {
      switch (update) {
        case Replace(List<SourceEntry> entries) -> {
          anew = true;
          heard.documents.clear();
          entries.forEach(entry -> put(heard, entry));
        }
        case Upsert(OfDocument(Document document)) -> {
          changed = true;
          heard.documents.put(document.key(), document);
          services.addAll(NamedServices.of(document));
        }
        case Remove(OfDocumentKey(DocumentKey key)) -> {
          changed = true;
          heard.documents.remove(key);
        }
        case Upsert _, Remove _ -> {}
        case Synced _ -> heard.synced = true;
      }
    }
    if (heard.synced && (anew || changed || first)) {
      demand.documents(source, heard.documents.values(), System.nanoTime());
    }
    if (anew) {
      var _ = letGo(heard); // What was held back is older than all of it.
    }
    boolean whole = changed && !first && !anew && !demand.isRead(services);
    if (whole || heard.holds()) {
      hold(source, heard, updates, whole);
      heard.heldFor.addAll(services);
    } else {
      next.accept(source, updates);
    }
  }

  private static void put(Heard heard, SourceEntry entry) {
    if (entry instanceof OfDocument(Document document)) {
      heard.documents.put(document.key(), document);
    }
  }

  /** Goes on with the rest: services, and where not the whole is held, other documents. */
  private void hold(SourceName source, Heard heard, List<SourceUpdate> updates, boolean whole) {
    List<SourceUpdate> rest = new ArrayList<>();
    List<SourceUpdate> held = new ArrayList<>();
    for (SourceUpdate update : updates) {
      boolean waits = documentOf(update).isPresent() && (whole || heard.isHeld(update));
      (waits ? held : rest).add(update);
    }
    boolean begins = !heard.holds();
    heard.held.addAll(held);
    if (begins) {
      List<SourceUpdate> these = heard.held;
      var _ =
          timer.schedule(
              () -> giveUp(source, heard, these), patience.toMillis(), TimeUnit.MILLISECONDS);
    }
    next.accept(source, rest);
  }

  private static Optional<DocumentKey> documentOf(SourceUpdate update) {
    return switch (update) {
      case Upsert(OfDocument(Document document)) -> Optional.of(document.key());
      case Remove(OfDocumentKey(DocumentKey key)) -> Optional.of(key);
      default -> Optional.empty();
    };
  }

  private synchronized void release() {
    all.forEach(
        (source, heard) -> {
          if (heard.holds() && demand.isRead(heard.heldFor)) {
            next.accept(source, letGo(heard));
          }
        });
  }

  @SuppressWarnings("ReferenceEquality") // Others are held by now where these were let go.
  private synchronized void giveUp(SourceName source, Heard heard, List<SourceUpdate> these) {
    if (heard.holds() && heard.held == these) {
      LOG.warn("{}: documents take effect before all of {} was read", source, heard.heldFor);
      next.accept(source, letGo(heard));
    }
  }

  private static List<SourceUpdate> letGo(Heard heard) {
    List<SourceUpdate> held = heard.held;
    heard.held = new ArrayList<>();
    heard.heldFor.clear();
    return held;
  }

  @Override
  public void status(SourceStatus status) {
    next.status(status);
  }
}
