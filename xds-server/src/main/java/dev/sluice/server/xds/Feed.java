package dev.sluice.server.xds;

import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotDiff;
import dev.sluice.server.snapshot.SnapshotStore;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What the streams of one group are served: the editions of its snapshot. However many streams
 * there are, a publication costs the store a note.
 *
 * <p>Any thread may call it. Its lock is never held while a stream or the store is called.
 */
final class Feed {
  /** How many editions a stream may be behind before its difference costs the whole snapshot. */
  private static final int EDITIONS_KEPT = 16;

  private final Set<AdsStream> streams = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean due = new AtomicBoolean();
  private final ArrayDeque<SnapshotDiff> noted = new ArrayDeque<>();
  private final ArrayDeque<Edition> editions = new ArrayDeque<>();
  private volatile @Nullable Edition current;
  private @Nullable Step lastStep;
  private SnapshotStore.@Nullable Watch watch;

  /** The way from one edition to another, which many streams go at the same time. */
  private record Step(long from, long to, SnapshotDiff diff) {}

  /** Keeps what a publication says; called under the store's lock. */
  void note(SnapshotDiff diff) {
    synchronized (noted) {
      noted.add(diff);
    }
  }

  /** Whether nobody has undertaken yet to push what is noted; the caller does. */
  boolean claim() {
    return due.compareAndSet(false, true);
  }

  /** Makes the next edition of what is noted, if anything is. */
  void advance() {
    due.set(false);
    List<SnapshotDiff> news;
    synchronized (noted) {
      news = List.copyOf(noted);
      noted.clear();
    }
    if (news.isEmpty()) {
      return;
    }
    synchronized (this) {
      Edition before = current;
      long revision = before == null ? 1 : before.revision() + 1;
      Edition next = new Edition(revision, SnapshotDiff.through(news));
      editions.addLast(next);
      if (editions.size() > EDITIONS_KEPT) {
        editions.removeFirst();
      }
      current = next;
    }
  }

  Optional<Edition> current() {
    return Optional.ofNullable(current);
  }

  /** The difference from the edition {@code seen}, or from nothing, to {@code next}. */
  SnapshotDiff since(@Nullable Edition seen, Edition next) {
    if (seen == null) {
      // A stream starts at what there is; its first publication is looked at as a whole anyway.
      return new SnapshotDiff(Snapshot.EMPTY, next.snapshot(), java.util.Map.of());
    }
    if (seen.revision() == next.revision() - 1) {
      return next.diff();
    }
    synchronized (this) {
      Step step = lastStep;
      if (step == null || step.from() != seen.revision() || step.to() != next.revision()) {
        step = new Step(seen.revision(), next.revision(), difference(seen, next));
        lastStep = step;
      }
      return step.diff();
    }
  }

  private SnapshotDiff difference(Edition seen, Edition next) {
    List<SnapshotDiff> between = new ArrayList<>();
    for (Edition edition : editions) {
      if (edition.revision() > seen.revision() && edition.revision() <= next.revision()) {
        between.add(edition.diff());
      }
    }
    return between.size() == next.revision() - seen.revision()
        ? SnapshotDiff.through(between)
        : SnapshotDiff.between(seen.snapshot(), next.snapshot());
  }

  /** The streams now, in an order of no meaning. */
  AdsStream[] streams() {
    return streams.toArray(AdsStream[]::new);
  }

  void add(AdsStream stream) {
    streams.add(stream);
  }

  /** Says whether it was the last. */
  boolean remove(AdsStream stream) {
    streams.remove(stream);
    return streams.isEmpty();
  }

  void watched(SnapshotStore.Watch by) {
    watch = by;
  }

  void close() {
    SnapshotStore.Watch open = watch;
    if (open != null) {
      open.close();
    }
  }
}
