package dev.sluice.server.xds;

import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotDiff;
import dev.sluice.server.snapshot.Touched;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How what is published comes to the proxies of one group: to all at once, or where it is so set, a
 * changed configuration in stages, while endpoints go to all. Then those that are asked first are
 * ahead of the others.
 *
 * <p>Its feed's lock guards it.
 */
final class Spreading {
  private final Optional<Stages> stages;
  private final Editions editions;
  private final Quarantine quarantine;

  private Snapshot published = Snapshot.EMPTY;

  /** What has come to everybody, as it is published. */
  private Snapshot reached = Snapshot.EMPTY;

  /** What everybody is to have who is not ahead. */
  private @Nullable Edition current;

  private @Nullable Ahead ahead;

  /**
   * A changed configuration that some have first.
   *
   * @param published what spreads, as it is published
   * @param edition what those are to have that are asked
   * @param change how that differs from what the others have
   * @param since when it began
   */
  record Ahead(
      Canary<AdsStream> canary,
      Snapshot published,
      Edition edition,
      SnapshotDiff change,
      Instant since) {}

  Spreading(Optional<Stages> stages, Editions editions, Quarantine quarantine) {
    this.stages = stages;
    this.editions = editions;
    this.quarantine = quarantine;
  }

  /**
   * Makes the next editions.
   *
   * @param news what was published, in order; empty where only the quarantine has changed
   */
  void advance(List<SnapshotDiff> news, long now, Instant instant) {
    Snapshot before = published;
    published = news.isEmpty() ? before : news.getLast().after();
    Edition base = current;
    boolean together = ahead == null && reached.sameConfigurationAs(before);
    boolean unstaged = together && news.stream().allMatch(Spreading::isForAll) && !news.isEmpty();
    if (stages.isEmpty() || base == null || unstaged) {
      reached = published;
      current = everywhere(news);
    } else {
      boolean mended = quarantine.isMended(before, published);
      reached = Staged.behind(reached, published);
      inStages(base, stages.get(), mended, now, instant);
    }
    quarantine.lift(published, reached);
  }

  /** Endpoints come to all at once, and so does what routes do because they have gone. */
  private static boolean isForAll(SnapshotDiff diff) {
    return Set.of(ResourceType.ENDPOINT).containsAll(diff.types().keySet())
        || Staged.isUrgent(diff);
  }

  private Edition everywhere(List<SnapshotDiff> news) {
    Edition before = current;
    Quarantine.Served served = quarantine.serve(published, Optional.empty());
    boolean asPublished =
        served.withdrawn().isEmpty() && (before == null || before.withdrawn().isEmpty());
    if (asPublished && !news.isEmpty()) {
      return editions.next(SnapshotDiff.through(news), served.withdrawn());
    }
    Touched touched = new Touched().by(served.withdrawn());
    news.forEach(touched::by);
    if (before != null) {
      touched.by(before.withdrawn());
    }
    Snapshot from = before == null ? Snapshot.EMPTY : before.snapshot();
    return editions.next(
        SnapshotDiff.among(from, served.snapshot(), touched.all()), served.withdrawn());
  }

  private void inStages(Edition base, Stages of, boolean mended, long now, Instant instant) {
    Ahead before = ahead;
    Ahead going = before == null || isOver(before, mended, now) ? null : before;
    Snapshot next = going == null ? published : Staged.behind(going.published(), published);
    Quarantine.Served all = quarantine.serve(reached, Optional.empty());
    Quarantine.Served some = quarantine.serve(next, Optional.empty());
    if (all.snapshot().sameConfigurationAs(some.snapshot())) {
      reached = next;
      ahead = null;
      current = after(base, some);
      return;
    }
    current = after(base, all);
    Edition edition = after(going == null ? current : going.edition(), some);
    Canary<AdsStream> canary = going == null ? new Canary<>(of, avoided(now)) : going.canary();
    if (going != null && !going.edition().snapshot().sameConfigurationAs(edition.snapshot())) {
      canary.askAgain(now);
    }
    SnapshotDiff change = SnapshotDiff.between(current.snapshot(), edition.snapshot());
    ahead = new Ahead(canary, next, edition, change, going == null ? instant : going.since());
  }

  private Set<String> avoided(long now) {
    return ahead == null ? Set.of() : ahead.canary().withoutAnswer(now);
  }

  /**
   * A newer configuration waits until the one before has come to all, or is known not to: else a
   * flow of changes would never come to anybody. One that all have already ends it.
   */
  private boolean isOver(Ahead going, boolean mended, long now) {
    boolean undone = reached.sameConfigurationAs(published);
    return isAwaited(going) && (undone || mended || going.canary().halted(now).isPresent());
  }

  private boolean isAwaited(Ahead going) {
    return !going.published().sameConfigurationAs(published);
  }

  /** Each edition has a greater revision than those before, so that streams follow. */
  private Edition after(Edition before, Quarantine.Served served) {
    return editions.next(
        SnapshotDiff.between(before.snapshot(), served.snapshot()), served.withdrawn());
  }

  /** Whether there is something to do although nothing is published: a newer one may go first. */
  boolean isDue(long now) {
    Ahead going = ahead;
    boolean reachedAll = going == null && !reached.sameConfigurationAs(published);
    return reachedAll || (going != null && isOver(going, false, now));
  }

  /** The change for which it is to be told whom it concerns, if there is one. */
  Optional<SnapshotDiff> choosing() {
    return Optional.ofNullable(ahead)
        .filter(going -> going.canary().isChoosing())
        .map(Ahead::change);
  }

  /** Takes whom the change concerns: streams with the ids of their proxies. */
  void choose(Map<AdsStream, String> concerned, long now) {
    Ahead going = Objects.requireNonNull(ahead);
    going.canary().choose(concerned, now);
    if (going.canary().isDone()) {
      reached = going.published();
      current = going.edition();
      ahead = null;
      quarantine.lift(published, reached);
    }
  }

  /** What {@code proxy} is to have; null before the first publication. */
  @Nullable Edition edition(String proxy) {
    Ahead going = ahead;
    return going != null && going.canary().isAsked(proxy) ? going.edition() : current;
  }

  /** What everybody is to have; null while that is not the same for all. */
  @Nullable Edition forAll() {
    return ahead == null ? current : null;
  }

  /** What the edition of {@code proxy} is of, as it is published. */
  Snapshot published(String proxy) {
    Ahead going = ahead;
    return going != null && going.canary().isAsked(proxy) ? going.published() : reached;
  }

  /** Whether something newer waits for what is under way. */
  boolean isNewerWaiting() {
    Ahead going = ahead;
    return going != null && isAwaited(going);
  }

  /** Whether some proxies are to have what others are not to have yet. */
  Optional<Ahead> ahead() {
    return Optional.ofNullable(ahead);
  }

  /** Whether {@code suspect} is content that is published, or was and is still served. */
  boolean has(Suspect suspect) {
    return suspect.isIn(published) || suspect.isIn(reached);
  }
}
