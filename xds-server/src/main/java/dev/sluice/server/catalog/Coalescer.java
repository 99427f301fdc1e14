package dev.sluice.server.catalog;

import dev.sluice.catalog.CatalogDelta;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.SourceName;
import dev.sluice.secret.SecretId;
import dev.sluice.secret.SecretsDelta;
import dev.sluice.source.SourceUpdate;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.DocumentsDelta;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What has been folded and not been told yet, and when it is due; confined to the writer's thread.
 *
 * <p>The image that was told last stays the start of the next change until {@link #told} confirms
 * that the change arrived, so that a change that could not be taken is part of the next one. All
 * times are parameters, in nanoseconds of one clock.
 */
final class Coalescer {

  private static final Duration FIRST_RETRY = Duration.ofSeconds(1);
  private static final Duration MAX_RETRY = Duration.ofMinutes(1);

  private final Set<SourceName> missing;
  private final SortedSet<ServiceId> services = new TreeSet<>();
  private final SortedSet<DocumentKey> documents = new TreeSet<>();
  private final SortedSet<SecretId> secrets = new TreeSet<>();
  private final SortedSet<SourceName> sources = new TreeSet<>();
  private CatalogImage told = CatalogImage.EMPTY;
  private CatalogImage image = CatalogImage.EMPTY;
  private Debounce debounce = Debounce.IDLE;
  private Urgency urgency = Urgency.NONE;
  private int gathered;
  private long firstWaiting;
  private @Nullable Instant firstSeen;
  private boolean toldOnce;
  private int refusals;
  private OptionalLong retryAt = OptionalLong.empty();

  /** One that tells nothing before each of {@code sources} has told all it knows. */
  Coalescer(Set<SourceName> sources) {
    this.missing = new TreeSet<>(sources);
  }

  /** Folds what {@code source} tells at {@code now}, which is {@code seen} on the wall's clock. */
  void accept(long now, Instant seen, SourceName source, List<SourceUpdate> updates) {
    Folded folded = image.apply(source, updates);
    image = folded.image();
    missing.removeAll(image.synced());
    if (folded.urgency() == Urgency.NONE) {
      return;
    }
    if (firstSeen == null) {
      firstSeen = seen;
      firstWaiting = now;
    }
    urgency = urgency.or(folded.urgency());
    gathered++;
    sources.add(source);
    services.addAll(folded.catalog().changed());
    services.addAll(folded.catalog().removed());
    documents.addAll(folded.documents().changed());
    documents.addAll(folded.documents().removed());
    secrets.addAll(folded.secrets().changed());
    secrets.addAll(folded.secrets().removed());
    retryAt = OptionalLong.empty();
  }

  /** In how many nanoseconds something is due: 0 for now, empty for not before something comes. */
  OptionalLong dueIn(long now) {
    if (!missing.isEmpty()) {
      return OptionalLong.empty();
    }
    if (retryAt.isPresent()) {
      return OptionalLong.of(Math.max(0, retryAt.getAsLong() - now));
    }
    if (!toldOnce) {
      return OptionalLong.of(0);
    }
    return switch (urgency) {
      case NONE -> OptionalLong.empty();
      case MAY_WAIT -> OptionalLong.of(Math.max(0, debounce.due(firstWaiting) - now));
      case AT_ONCE -> OptionalLong.of(0);
    };
  }

  /**
   * The change that is due at {@code now}, if one is; it stays due until it is {@link #told}.
   *
   * @param wall the same moment on the wall's clock
   */
  Optional<Change> due(long now, Instant wall) {
    OptionalLong in = dueIn(now);
    if (in.isEmpty() || in.getAsLong() > 0) {
      return Optional.empty();
    }
    CatalogDelta catalog = Deltas.of(told.catalog(), image.catalog(), services);
    DocumentsDelta changed = Deltas.of(told.documents(), image.documents(), documents);
    SecretsDelta ofSecrets = Deltas.of(told.secrets(), image.secrets(), secrets);
    SortedSet<DocumentKey> keys = new TreeSet<>(changed.changed());
    keys.addAll(changed.removed());
    Instant seen = firstSeen == null ? wall : firstSeen;
    Change change = new Change(catalog, changed, ofSecrets, new Change.Causes(sources, keys, seen));
    if (toldOnce && change.isEmpty()) {
      clear();
      return Optional.empty();
    }
    return Optional.of(change);
  }

  /** The change that was due has been taken at {@code now}. Returns how long it had waited. */
  Duration told(long now) {
    Duration waited = firstSeen == null ? Duration.ZERO : Duration.ofNanos(now - firstWaiting);
    if (firstSeen != null) {
      debounce = debounce.told(now, firstWaiting, gathered);
    }
    told = image;
    toldOnce = true;
    clear();
    return waited;
  }

  /** The change that was due could not be taken: it is due again later, or with the next one. */
  void refused(long now) {
    long wait = FIRST_RETRY.toNanos() << Math.min(refusals, 16);
    refusals++;
    retryAt = OptionalLong.of(now + Math.min(wait, MAX_RETRY.toNanos()));
  }

  /** Whether all has been told that was folded. */
  boolean isSettled() {
    return toldOnce && urgency == Urgency.NONE;
  }

  /** Has what may wait told at once. */
  void hurry() {
    if (urgency == Urgency.MAY_WAIT) {
      urgency = Urgency.AT_ONCE;
    }
  }

  /** Everything that was folded, told or not. */
  CatalogImage image() {
    return image;
  }

  private void clear() {
    services.clear();
    documents.clear();
    secrets.clear();
    sources.clear();
    urgency = Urgency.NONE;
    gathered = 0;
    firstSeen = null;
    refusals = 0;
    retryAt = OptionalLong.empty();
  }
}
