package dev.sluice.server.xds;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotDiff;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * What the streams of one group are served: the editions of its snapshot, without what proxies
 * refused. However many streams there are, a publication costs the store a note.
 *
 * <p>Any thread may call it. Its lock is never held while a stream or the store is called.
 */
final class Feed {
  /** How many editions a stream may be behind before its difference costs the whole snapshot. */
  private static final int EDITIONS_KEPT = 16;

  private final NodeGroup group;
  private final Runnable schedule;
  private final AtomicBoolean due = new AtomicBoolean();
  private final ArrayDeque<SnapshotDiff> noted = new ArrayDeque<>();

  private final ArrayDeque<Edition> editions = new ArrayDeque<>();

  /** The last editions in which more than endpoints changed. */
  private final ArrayDeque<Edition> configurations = new ArrayDeque<>();

  private final Quarantine quarantine = new Quarantine();
  private Snapshot published = Snapshot.EMPTY;
  private long revisions;
  private boolean quarantineChanged;
  private @Nullable Trial trial;
  private @Nullable Step lastStep;
  private volatile @Nullable Edition current;
  private volatile boolean trying;

  /** The way from one edition to another, which many streams go at the same time. */
  private record Step(long from, long to, SnapshotDiff diff) {}

  /**
   * A feed without an edition.
   *
   * @param schedule has {@link #advance} called soon, and the streams pushed
   */
  Feed(NodeGroup group, Runnable schedule) {
    this.group = group;
    this.schedule = schedule;
  }

  /** Keeps what a publication says; called under the store's lock. */
  void note(SnapshotDiff diff) {
    synchronized (noted) {
      noted.add(diff);
    }
    scheduleOnce();
  }

  private void scheduleOnce() {
    if (due.compareAndSet(false, true)) {
      schedule.run();
    }
  }

  /** Makes the next edition of what is noted, if anything is. */
  void advance() {
    due.set(false);
    List<SnapshotDiff> news;
    synchronized (noted) {
      news = List.copyOf(noted);
      noted.clear();
    }
    synchronized (this) {
      if (!news.isEmpty() || quarantineChanged) {
        advance(news);
      }
    }
  }

  private void advance(List<SnapshotDiff> news) {
    Snapshot before = current == null ? Snapshot.EMPTY : current.snapshot();
    boolean asPublished = quarantine.isEmpty() && !quarantineChanged;
    published = news.isEmpty() ? published : news.getLast().after();
    quarantine.lift(published);
    Quarantine.Served served = quarantine.serve(published, Optional.empty());
    SnapshotDiff diff =
        asPublished ? SnapshotDiff.through(news) : SnapshotDiff.between(before, served.snapshot());
    quarantineChanged = false;
    Edition next = new Edition(++revisions, diff, served.withdrawn());
    keep(editions, next);
    if (!diff.types().keySet().equals(Set.of(ResourceType.ENDPOINT))) {
      keep(configurations, next);
    }
    current = next;
    continueTrial();
  }

  private static void keep(ArrayDeque<Edition> last, Edition next) {
    last.addLast(next);
    if (last.size() > EDITIONS_KEPT) {
      last.removeFirst();
    }
  }

  /** What {@code stream} is to have now. */
  Optional<Edition> current(AdsStream stream) {
    if (trying) {
      synchronized (this) {
        if (trial != null && trial.isFor(stream)) {
          return Optional.of(trial.edition());
        }
      }
    }
    return Optional.ofNullable(current);
  }

  /** The difference from the edition {@code seen}, or from nothing, to {@code next}. */
  @SuppressWarnings("ReferenceEquality") // an equal snapshot would do, it only costs more
  SnapshotDiff since(@Nullable Edition seen, Edition next) {
    if (seen == null) {
      // A stream starts at what there is; its first publication is looked at as a whole anyway.
      return new SnapshotDiff(Snapshot.EMPTY, next.snapshot(), Map.of());
    }
    if (next.diff().before() == seen.snapshot()) {
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

  @SuppressWarnings("ReferenceEquality") // an equal snapshot would do, it only costs more
  private SnapshotDiff difference(Edition seen, Edition next) {
    List<SnapshotDiff> between = new ArrayList<>();
    for (Edition edition : editions) {
      if (edition.revision() > seen.revision() && edition.revision() <= next.revision()) {
        between.add(edition.diff());
      }
    }
    return !between.isEmpty()
            && between.getFirst().before() == seen.snapshot()
            && between.getLast().after() == next.snapshot()
        ? SnapshotDiff.through(between)
        : SnapshotDiff.between(seen.snapshot(), next.snapshot());
  }

  /** {@code stream} uses what it was sent. */
  void accepted(AdsStream stream, Reply.Ack ack) {
    if (!trying) {
      return;
    }
    synchronized (this) {
      if (trial != null && trial.isFor(stream) && trial.isIn(ack.type(), ack.changes())) {
        quarantine.release(trial.suspect());
        nextTrial();
      }
    }
  }

  /**
   * {@code stream} refused what it was sent; {@code refusal} tells who and why.
   *
   * @return what is in quarantine because of it
   */
  synchronized List<Suspect> refused(
      AdsStream stream, Reply.Nack nack, Quarantine.Refusal refusal) {
    if (trial != null && trial.isFor(stream) && trial.isIn(nack.type(), nack.changes())) {
      nextTrial(); // It stays in quarantine.
      return List.of();
    }
    List<Suspect> suspects = new ArrayList<>();
    for (Resource resource : nack.changes().put()) {
      if (nack.names().contains(resource.name())) {
        before(resource).ifPresent(before -> suspects.addAll(suspend(resource, before, refusal)));
      }
    }
    if (suspects.isEmpty()) {
      return List.of();
    }
    quarantineChanged = true;
    if (suspects.size() > 1 && trial == null) {
      trial = new Trial(stream, suspects);
      trying = true;
    }
    scheduleOnce();
    return suspects;
  }

  private List<Suspect> suspend(Resource refused, Snapshot before, Quarantine.Refusal refusal) {
    Optional<Resource> good = before.resource(refused.type(), refused.name());
    return Suspect.of(refused, good, refusal.message()).stream()
        .filter(suspect -> isPublished(suspect) && quarantine.add(suspect, refusal, before))
        .toList();
  }

  private boolean isPublished(Suspect suspect) {
    return published.resource(suspect.type(), suspect.name()).filter(suspect::isIn).isPresent();
  }

  /**
   * What was served before {@code refused} was; empty if it was served for as long as is known, so
   * that it is established and its refusal the proxy's own trouble.
   */
  private Optional<Snapshot> before(Resource refused) {
    boolean endpoints = refused.type() == ResourceType.ENDPOINT;
    ArrayDeque<Edition> last = endpoints ? editions : configurations;
    for (var newestFirst = last.descendingIterator(); newestFirst.hasNext(); ) {
      Edition edition = newestFirst.next();
      if (edition.revision() == 1) {
        return Optional.empty();
      }
      Snapshot before = edition.diff().before();
      if (!before.resource(refused.type(), refused.name()).equals(Optional.of(refused))) {
        return Optional.of(before);
      }
    }
    return Optional.empty();
  }

  private void nextTrial() {
    trial = trial == null ? null : trial.next();
    trying = trial != null;
    recompute();
  }

  /** The trial's edition is this one, but with the suspect that is tried. */
  private void continueTrial() {
    Edition base = current;
    while (trial != null && base != null) {
      Suspect suspect = trial.suspect();
      if (quarantine.contains(suspect)) {
        Quarantine.Served served = quarantine.serve(published, Optional.of(suspect));
        SnapshotDiff diff = SnapshotDiff.between(base.snapshot(), served.snapshot());
        trial.show(new Edition(++revisions, diff, served.withdrawn()));
        return;
      }
      trial = trial.next(); // It was edited meanwhile.
      trying = trial != null;
    }
  }

  /** {@code stream} is gone; what it had to try is tried by {@code another}, if there is one. */
  synchronized void left(AdsStream stream, Optional<AdsStream> another) {
    if (trial != null && trial.isOn(stream)) {
      trial = another.map(trial::movedTo).orElse(null);
      trying = trial != null;
      recompute();
    }
  }

  /** Has the next edition made of all that is published, as soon as there is a publication. */
  synchronized void recomputeLater() {
    quarantineChanged = true;
  }

  private void recompute() {
    quarantineChanged = true;
    scheduleOnce();
  }

  /** What is in quarantine. */
  synchronized List<Quarantined> quarantined() {
    List<Quarantined> all = new ArrayList<>();
    quarantine
        .suspects()
        .forEach((suspect, refusal) -> all.add(Quarantined.of(group, suspect, refusal)));
    return all;
  }
}
