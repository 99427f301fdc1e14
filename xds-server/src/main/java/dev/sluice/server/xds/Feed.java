package dev.sluice.server.xds;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotDiff;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the streams of one group are served: the editions of its snapshot, without what proxies
 * refused. However many streams there are, a publication costs the store a note.
 *
 * <p>Nearly always there is one edition for all. While a changed configuration spreads in stages,
 * those that are asked first have one ahead of the others; while it is tried what was wrong in a
 * response that was refused, one stream has an edition of its own.
 *
 * <p>Any thread may call it. Its lock is never held while a stream or the store is called.
 */
final class Feed {
  private static final Logger LOG = LoggerFactory.getLogger(Feed.class);
  private static final Duration LOOK_FOR_OTHERS = Duration.ofSeconds(1);
  private static final Duration LONGEST_TRIAL = Duration.ofSeconds(10);

  private final NodeGroup group;
  private final FeedContext context;
  private final Runnable schedule;
  private final AtomicBoolean due = new AtomicBoolean();
  private final ArrayDeque<SnapshotDiff> noted = new ArrayDeque<>();

  private final Editions editions = new Editions();
  private final Quarantine quarantine = new Quarantine();
  private final Spreading spreading;
  private boolean quarantineChanged;
  private String toldHalt = "";
  private volatile @Nullable Trial trial;

  /** What every stream is to have; null while that is not the same for all. */
  private volatile @Nullable Edition forAll;

  /**
   * A feed without an edition.
   *
   * @param schedule has {@link #advance} called soon, and the streams pushed
   */
  Feed(NodeGroup group, FeedContext context, Runnable schedule) {
    this.group = group;
    this.context = context;
    this.schedule = schedule;
    spreading = new Spreading(context.stages(), editions, quarantine);
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

  private void scheduleIn(Duration time) {
    context.later(time, this::scheduleOnce);
  }

  /** Makes the next editions of what is noted, if anything is. */
  void advance() {
    due.set(false);
    List<SnapshotDiff> news;
    synchronized (noted) {
      news = List.copyOf(noted);
      noted.clear();
    }
    synchronized (this) {
      long now = context.now();
      if (trial != null && trial.until() <= now) {
        nextTrial(); // It stays in quarantine.
      }
      spreading.ahead().map(Spreading.Ahead::canary).ifPresent(Feed::askOthers);
      if (!news.isEmpty() || quarantineChanged || spreading.isDue(now)) {
        quarantineChanged = false;
        spreading.advance(news, now, context.clock().instant());
        continueTrial();
        wakeLater();
      }
      if (spreading.isDue(now)) {
        scheduleOnce();
      }
      tellHalt(now);
      settle();
    }
  }

  private static void askOthers(Canary<AdsStream> canary) {
    if (canary.isShort()) {
      canary.chooseAgain();
    }
  }

  /** Looks again when somebody has not answered in time. */
  private void wakeLater() {
    if (spreading.ahead().isPresent()) {
      context.stages().ifPresent(stages -> scheduleIn(stages.within()));
    }
    if (trial != null) {
      scheduleIn(LONGEST_TRIAL);
    }
  }

  private void settle() {
    forAll = trial == null ? spreading.forAll() : null;
  }

  /** The change for which it is to be told whom it concerns, if there is one. */
  synchronized Optional<SnapshotDiff> choosing() {
    return spreading.choosing();
  }

  /** Takes whom the change concerns: streams with the ids of their proxies. */
  synchronized void choose(Map<AdsStream, String> concerned) {
    spreading.choose(concerned, context.now());
    Optional<ConfigCanary> canary = canary();
    if (canary.isPresent()) {
      LOG.info("{}", canary.get());
      wakeLater();
    } else {
      LOG.info("A changed configuration goes to all of {}", group);
    }
    if (spreading.isDue(context.now())) {
      scheduleOnce();
    }
    if (spreading.ahead().filter(ahead -> ahead.canary().isShort()).isPresent()) {
      scheduleIn(LOOK_FOR_OTHERS);
    }
    settle();
  }

  private void tellHalt(long now) {
    String halt = spreading.ahead().flatMap(ahead -> ahead.canary().halted(now)).orElse("");
    if (!halt.equals(toldHalt) && !halt.isEmpty()) {
      LOG.warn("{}", canary().map(ConfigCanary::toString).orElse(halt));
    }
    toldHalt = halt;
  }

  /** What {@code stream} of {@code proxy} is to have now. */
  Optional<Edition> current(AdsStream stream, String proxy) {
    Edition same = forAll;
    if (same != null) {
      return Optional.of(same);
    }
    synchronized (this) {
      return trial != null && trial.isFor(stream)
          ? Optional.of(trial.edition())
          : Optional.ofNullable(spreading.edition(proxy));
    }
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
      return editions.between(seen, next);
    }
  }

  /** {@code stream} uses what it was sent. */
  void accepted(AdsStream stream, Reply.Ack ack) {
    if (trial == null) {
      return;
    }
    synchronized (this) {
      if (trial != null && trial.isFor(stream) && trial.isIn(ack.type(), ack.changes())) {
        quarantine.acquit(trial.suspect());
        nextTrial();
      }
    }
  }

  /** Looks how far {@code stream} of {@code proxy} is, after it was served {@code seen}. */
  void looked(AdsStream stream, String proxy, @Nullable Edition seen, SubscriptionState state) {
    if (forAll != null || seen == null) {
      return;
    }
    synchronized (this) {
      if (quarantineChanged) {
        return; // It is about to be served something else.
      }
      Trial tried = trial;
      if (tried != null && tried.isFor(stream)) {
        return; // What it is served is no step of what spreads.
      }
      if (tried != null && tried.isOn(stream)) {
        showTrial(proxy, seen, state);
      }
      spreading
          .ahead()
          .filter(ahead -> seen.revision() >= ahead.edition().revision())
          .ifPresent(
              ahead -> {
                long now = context.now();
                Canary<AdsStream> canary = ahead.canary();
                canary.answered(stream, proxy, state.answer(ahead.change()), now);
                if (canary.isChoosing() || spreading.isDue(now)) {
                  scheduleOnce();
                }
              });
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
    Map<Suspect, Snapshot> possible = new LinkedHashMap<>();
    for (Resource resource : nack.changes().put()) {
      if (nack.names().contains(resource.name())) {
        editions.before(resource).ifPresent(before -> suspect(resource, before, nack, possible));
      }
    }
    List<Suspect> suspects = quarantine.add(possible, spreading::has, refusal);
    if (suspects.isEmpty()) {
      return List.of();
    }
    if (possible.size() > 1) {
      tryOut(stream, suspects);
    }
    recompute();
    return suspects;
  }

  private void suspect(
      Resource refused, Snapshot before, Reply.Nack nack, Map<Suspect, Snapshot> possible) {
    Optional<Resource> good = before.resource(refused.type(), refused.name());
    Suspect.of(refused, good, nack.message()).forEach(suspect -> possible.put(suspect, before));
  }

  private void tryOut(AdsStream stream, List<Suspect> suspects) {
    Trial going = trial;
    trial = going == null ? new Trial(stream, suspects, untilTried()) : going.with(suspects);
  }

  private long untilTried() {
    return context.now() + LONGEST_TRIAL.toNanos();
  }

  private void nextTrial() {
    Trial going = trial;
    trial = going == null ? null : going.next(untilTried());
    recompute();
  }

  /** What was edited before it was tried is not tried any more. */
  private void continueTrial() {
    while (trial != null && !trial.isShown() && !quarantine.contains(trial.suspect())) {
      trial = trial.next(untilTried());
    }
  }

  /**
   * Shows what is tried to who tries it, once that uses all else, so that it is refused for nothing
   * else. Its edition stays as it is until the answer.
   */
  private void showTrial(String proxy, Edition seen, SubscriptionState state) {
    Trial next = trial;
    if (next == null || next.isShown()) {
      return;
    }
    Suspect suspect = next.suspect();
    Edition newest = spreading.edition(proxy);
    boolean ready =
        newest != null
            && seen.revision() == newest.revision()
            && quarantine.contains(suspect)
            && state.uses(seen.snapshot(), suspect.type(), suspect.name());
    if (ready) {
      Quarantine.Served served = quarantine.serve(spreading.published(proxy), Optional.of(suspect));
      SnapshotDiff diff = SnapshotDiff.between(seen.snapshot(), served.snapshot());
      next.show(editions.passing(diff, served.withdrawn()));
      scheduleOnce();
    }
  }

  /** {@code stream} is gone; what it had to try is tried by {@code another}, if there is one. */
  synchronized void left(AdsStream stream, Optional<AdsStream> another) {
    if (trial != null && trial.isOn(stream)) {
      Trial going = trial;
      trial = another.map(next -> going.movedTo(next, untilTried())).orElse(null);
      recompute();
    }
    if (spreading.ahead().filter(ahead -> ahead.canary().left(stream)).isPresent()) {
      recompute(); // So that what is left of its proxy goes back to what the others have.
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

  /** Whether it knows nothing that a newcomer would need to be kept from. */
  synchronized boolean isForgettable() {
    return quarantine.isEmpty() && spreading.ahead().isEmpty();
  }

  /** What was served lately, the newest first. */
  synchronized List<Snapshot> earlier() {
    return editions.earlier();
  }

  /** What is in quarantine. */
  synchronized List<Quarantined> quarantined() {
    List<Quarantined> all = new ArrayList<>();
    quarantine
        .suspects()
        .forEach((suspect, refusal) -> all.add(Quarantined.of(group, suspect, refusal)));
    return all;
  }

  /** The same, as it can be found again in what is published. */
  synchronized List<Withheld> withheld() {
    Trial going = trial;
    List<Withheld> all = new ArrayList<>();
    quarantine
        .suspects()
        .forEach(
            (suspect, refusal) ->
                all.add(
                    new Withheld(
                        Quarantined.of(group, suspect, refusal),
                        going == null || !going.isOf(suspect),
                        suspect::isIn)));
    return all;
  }

  /** The configuration that spreads in stages, if one does. */
  synchronized Optional<ConfigCanary> canary() {
    return spreading
        .ahead()
        .map(ahead -> ConfigCanary.of(group, ahead, spreading.isNewerWaiting(), context.now()));
  }
}
