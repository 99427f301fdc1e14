package dev.sluice.server.history;

import dev.sluice.server.snapshot.Revision;
import dev.sluice.source.DocumentReader;
import dev.sluice.spec.Documents;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The last revisions, each with the documents that were in force: the {@value #MOST} newest, and
 * the {@value #MOST} newest by which documents changed, so that instances that come and go do not
 * push the edits out. Where it has a directory, it is written there by a thread of its own, {@code
 * history}, and outlives the process. Any thread may call it.
 */
public final class History implements AutoCloseable {
  /** How many are remembered of each kind. */
  public static final int MOST = 100;

  private static final long CLOSE_SECONDS = 5;

  private final @Nullable HistoryFile file;
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(Thread.ofPlatform().name("history").daemon().factory());

  /** The newest last. */
  private List<Entry> all;

  private final List<Past> unwritten = new ArrayList<>();

  /** A revision, and whether documents changed by it. */
  private record Entry(Past past, boolean edited) {}

  private History(@Nullable HistoryFile file, List<Past> before) {
    this.file = file;
    List<Entry> entries = new ArrayList<>();
    for (Past past : before) {
      entries.add(
          new Entry(
              past,
              entries.isEmpty() || !past.documents().equals(entries.getLast().past().documents())));
    }
    this.all = retained(entries);
  }

  /** One that ends with the process. */
  public static History inMemory() {
    return new History(null, List.of());
  }

  /**
   * One that goes on where an earlier process ended.
   *
   * @param directory made where there is none
   * @throws IOException when it cannot be written to; the message names it and says what to do
   */
  public static History in(Path directory, DocumentReader reader) throws IOException {
    HistoryFile file = HistoryFile.in(directory, reader);
    History history = new History(file, file.read());
    List<Past> kept = history.pasts();
    history.writer.execute(() -> file.rewrite(kept));
    return history;
  }

  /** The number of the newest revision; 0 where there is none yet. */
  public synchronized long last() {
    return all.isEmpty() ? 0 : all.getLast().past().revision().id();
  }

  /** Notes a publication, unless it changed nothing. */
  public synchronized void published(Revision revision, Documents documents) {
    boolean edited = all.isEmpty() || !sameAs(documents, all.getLast().past().documents());
    if (revision.groups().isEmpty() && !edited) {
      return;
    }
    Past past = new Past(revision, documents);
    List<Entry> more = new ArrayList<>(all);
    more.add(new Entry(past, edited));
    all = retained(more);
    if (file != null) {
      unwritten.add(past);
      if (unwritten.size() == 1) {
        writer.execute(() -> write(file));
      }
    }
  }

  /** All that have come meanwhile at once: a slow disk holds nobody up. */
  private void write(HistoryFile to) {
    List<Past> some;
    List<Past> kept;
    synchronized (this) {
      some = List.copyOf(unwritten);
      kept = pasts();
      unwritten.clear();
    }
    to.append(some, kept);
  }

  /** The revisions, the newest last. */
  public synchronized List<Revision> revisions() {
    return pasts().stream().map(Past::revision).toList();
  }

  /**
   * What was in force in that revision. Of one that is not remembered itself it is the newest
   * before it, after which no document changed until then.
   */
  public synchronized Optional<Past> at(long revision) {
    return revision > last()
        ? Optional.empty()
        : pasts().stream()
            .filter(past -> past.revision().id() <= revision)
            .reduce((_, newer) -> newer);
  }

  private synchronized List<Past> pasts() {
    return all.stream().map(Entry::past).toList();
  }

  private static List<Entry> retained(List<Entry> all) {
    List<Entry> kept = new ArrayList<>();
    int edits = 0;
    for (int i = all.size() - 1; i >= 0; i--) {
      Entry entry = all.get(i);
      if (all.size() - i <= MOST || (entry.edited() && edits < MOST)) {
        kept.add(entry);
      }
      edits += entry.edited() ? 1 : 0;
    }
    return List.copyOf(kept.reversed());
  }

  /** Nearly always they are the very same. */
  @SuppressWarnings("ReferenceEquality")
  private static boolean sameAs(Documents one, Documents other) {
    return one == other || one.equals(other);
  }

  /** Ends once all is written. */
  @Override
  public void close() {
    writer.shutdown();
    try {
      var _ = writer.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
