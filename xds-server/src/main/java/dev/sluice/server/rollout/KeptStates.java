package dev.sluice.server.rollout;

import dev.sluice.server.conditions.KeptTexts.Writer;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.TrafficPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How all rollouts stand, as this server has them in force: what it kept where it leads, and what
 * another one kept where that one does. One thread at a time uses it.
 */
final class KeptStates {
  /** A watch may be as late as this. */
  private static final Duration LATE = Duration.ofSeconds(10);

  private static final Logger LOG = LoggerFactory.getLogger(Rollouts.class);

  private final List<Home> homes;
  private final InForce inForce;
  private final RolloutMetrics metrics;
  private final LongSupplier nanoTime;
  private final SortedMap<DocumentKey, RolloutState> states = new TreeMap<>();
  private final Map<DocumentKey, Placed> places = new HashMap<>();
  private final Set<DocumentKey> resumed = new HashSet<>();

  /** Why what this server would have one come to cannot be kept. */
  private final Map<DocumentKey, String> unkept = new ConcurrentHashMap<>();

  /**
   * Where the state of a rollout is kept.
   *
   * @param at when it changed last here, by {@link #nanoTime}
   */
  private record Placed(Home home, long at) {}

  /**
   * None yet.
   *
   * @param stores of which the first that holds a policy counts
   */
  KeptStates(
      List<RolloutStore> stores, InForce inForce, RolloutMetrics metrics, LongSupplier nanoTime) {
    this.homes = stores.stream().map(Home::new).toList();
    this.inForce = inForce;
    this.metrics = metrics;
    this.nanoTime = nanoTime;
  }

  /** How a rollout stands; empty where nothing is known of it. */
  Optional<RolloutState> of(DocumentKey policy) {
    return Optional.ofNullable(states.get(policy));
  }

  SortedMap<DocumentKey, RolloutState> all() {
    return states;
  }

  /** Where the rollout of a policy is kept. */
  Home home(Document policy) {
    return homes.stream()
        .filter(home -> home.store().holds(policy))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException(policy.key() + " has no place"));
  }

  List<Home> homes() {
    return homes;
  }

  /**
   * Has what is known to be kept in a store be in force before the pipeline is told anything more;
   * what later stores keep counts more.
   */
  void resume(RolloutStore store) {
    Home home = homes.stream().filter(it -> it.store().equals(store)).findFirst().orElseThrow();
    store
        .known()
        .ifPresent(
            kept ->
                kept.forEach(
                    (policy, state) -> {
                      LOG.info("{}: the rollout goes on: {}", policy, InForce.text(state));
                      inForce.putFirst(policy, state);
                      note(policy, state, home);
                      resumed.add(policy);
                    }));
  }

  /** Whether nobody but this server carries it out. */
  boolean isOfOneServer(DocumentKey policy) {
    Placed place = places.get(policy);
    return place != null && place.home().store() instanceof OfOneServer;
  }

  /** Whether an earlier process began it. */
  boolean isResumed(DocumentKey policy) {
    return resumed.contains(policy);
  }

  private void note(DocumentKey policy, RolloutState state, Home home) {
    states.put(policy, state);
    places.put(policy, new Placed(home, nanoTime.getAsLong()));
    nothingToKeep(policy);
  }

  /**
   * Takes what others kept, where it is news.
   *
   * @param rolling all policies that are told with a rollout
   */
  void adopt(List<TrafficPolicy> rolling) {
    long now = nanoTime.getAsLong();
    Map<Home, Home.Kept> all = new HashMap<>();
    homes.forEach(home -> home.look(now).ifPresent(kept -> all.put(home, kept)));
    for (TrafficPolicy policy : rolling) {
      Home home = home(policy);
      Home.Kept kept = all.get(home);
      if (kept != null && isReadable(policy)) { // What cannot be read has not been taken away.
        adopt(policy.key(), home, kept, now);
      }
    }
  }

  private void adopt(DocumentKey policy, Home home, Home.Kept kept, long now) {
    if (!home.leads()) {
      nothingToKeep(policy);
    }
    Placed place = places.get(policy);
    RolloutState mine = states.get(policy);
    RolloutState its = kept.states().get(policy);
    if (mine == null || place == null || place.home() != home) {
      if (its != null) {
        take(policy, its, home);
      } else if (mine != null && home.leads()) {
        move(policy, mine, home);
      }
      return;
    }
    if (its != null && its.serial() == mine.serial() && its.isAllBut(mine)) {
      return;
    }
    boolean isLate = !kept.isNewest() && now - place.at() < LATE.toNanos();
    if (its != null && (its.serial() > mine.serial() || kept.isNewest())) {
      take(policy, its, home);
    } else if (kept.isNewest() && home.leads()) {
      move(policy, mine, home); // Somebody took it away.
    } else if (!kept.isNewest() && !isLate && (its != null || home.leads())) {
      home.doubtAtTimes(now); // A watch alone takes nothing back.
    }
  }

  private void take(DocumentKey policy, RolloutState its, Home home) {
    Optional<RolloutState> before = of(policy);
    note(policy, its, home);
    if (before.filter(it -> it.phase() == its.phase()).isEmpty()) {
      LOG.info("{}: {}, as it is kept in {}", policy, InForce.text(its), home);
    }
    if (home.leads()) {
      before.ifPresent(it -> Telling.announce(home.store().replicas(), policy, it, its));
    }
  }

  /** Keeps it where nothing is kept of it by now. */
  private void move(DocumentKey policy, RolloutState mine, Home home) {
    Placed place = places.get(policy);
    try {
      if (!home.store().write(policy, Optional.of(mine), mine, Writer.LEADER)) {
        home.doubt();
        return;
      }
      note(policy, mine, home);
      if (place != null && place.home() != home && place.home().leads()) {
        boolean _ = place.home().store().delete(policy, mine);
      }
    } catch (IOException e) {
      home.failed(e);
      LOG.error("{}: it cannot be kept how its rollout stands: {}", policy, e.toString());
    }
  }

  /** Puts in force what is kept; gives whether anything changed. */
  boolean bringInForce() {
    return inForce.bring(states);
  }

  /** Whether this server serves a rollout's shares as they are kept. */
  boolean isInForce(DocumentKey policy) {
    return of(policy).filter(state -> inForce.serves(policy, state)).isPresent();
  }

  /** Whether this server carries out the rollout of that policy. */
  boolean leads(TrafficPolicy policy) {
    return home(policy).leads() && isReadable(policy);
  }

  /** The same of one that is known here. */
  boolean leads(DocumentKey policy) {
    Placed place = places.get(policy);
    return place != null && place.home().leads();
  }

  /** Whether nothing is kept of it that cannot be read. */
  private boolean isReadable(TrafficPolicy policy) {
    return !home(policy).store().unreadable().contains(policy.key());
  }

  /** Why a rollout does not go on; empty where it does. Any thread may ask. */
  Optional<Hindrance> hindrance(Edition edition) {
    return edition
        .hindrance()
        .or(
            () ->
                isReadable(edition.policy())
                    ? Optional.empty()
                    : Optional.of(Hindrance.unreadable(home(edition.policy()))));
  }

  /** Notes that it stands as it is kept, or that this server is not to keep it. */
  void nothingToKeep(DocumentKey policy) {
    unkept.remove(policy);
  }

  /** {@link #hindrance}, or that it could not be kept how one stands. Any thread may ask. */
  Optional<Hindrance> toldHindrance(Edition edition) {
    return hindrance(edition)
        .or(() -> Optional.ofNullable(unkept.get(edition.key())).map(Hindrance::unkept));
  }

  /**
   * Facts with the proxies of all replicas too, as far as they told of that state; with none known
   * where those of the others are not. Any thread may ask.
   */
  Facts withOthers(Facts own, TrafficPolicy policy, Optional<RolloutState> state) {
    long serial = state.map(RolloutState::serial).orElse(0L);
    long generation = policy.origin().generation();
    return own.with(
        home(policy)
            .store()
            .replicas()
            .others(policy.key())
            .flatMap(
                others ->
                    own.confirmation().map(it -> AllReplicas.of(it, others, serial, generation))));
  }

  /**
   * Keeps how a rollout stands; {@link #bringInForce} is called after that, so that whoever goes on
   * with it knows all that proxies may have.
   *
   * @return false when it could not be kept, so that all is as before
   */
  boolean become(
      TrafficPolicy policy, Optional<RolloutState> before, RolloutState to, Writer writer) {
    DocumentKey key = policy.key();
    Home home = home(policy);
    boolean isNew = before.filter(it -> it.isAllBut(to)).isEmpty();
    long serial = before.map(RolloutState::serial).orElse(0L);
    RolloutState next = to.numbered(isNew ? serial + 1 : serial);
    try {
      if (isNew && !home.store().write(key, before, next, writer)) {
        LOG.info("{}: something else is kept of its rollout in {}, which counts", key, home);
        home.doubt();
        return false;
      }
    } catch (IOException e) {
      home.failed(e);
      String why = Objects.requireNonNullElse(e.getMessage(), e.toString());
      // Who asks is told at once, and nothing waits for that.
      if (writer == Writer.ANY || !why.equals(unkept.put(key, why))) {
        LOG.error("{}: it cannot be kept how its rollout stands, so it waits: {}", key, why);
      }
      return false;
    }
    note(key, next, home);
    boolean isMoved = before.filter(it -> it.phase() == next.phase()).isEmpty();
    boolean isPaused = next.pause().isPresent() && before.flatMap(RolloutState::pause).isEmpty();
    if (isMoved || isPaused) {
      LOG.info("{}: {}", key, InForce.text(next));
    }
    if (isMoved) {
      count(before, next);
    }
    if (home.leads()) {
      before.ifPresentOrElse(
          it -> Telling.announce(home.store().replicas(), key, it, next),
          () -> Telling.announce(home.store().replicas(), key, next));
    }
    return true;
  }

  private void count(Optional<RolloutState> before, RolloutState next) {
    metrics.began(next.phase());
    before
        .filter(it -> it.phase() == Phase.SHIFTING || it.phase() == Phase.REVERTING)
        .filter(it -> it.shares().equals(next.shares()))
        .ifPresent(it -> metrics.acknowledged(Duration.between(it.since(), next.since())));
  }

  /** Forgets those whose policy is told without a rollout by now, or is gone; gives those. */
  List<DocumentKey> forgetOthers(Editions editions) {
    List<DocumentKey> over = new ArrayList<>();
    for (DocumentKey policy : List.copyOf(states.keySet())) {
      Home home = Objects.requireNonNull(places.get(policy)).home();
      if (isOver(policy, editions, home)) {
        states.remove(policy);
        nothingToKeep(policy);
        places.remove(policy);
        over.add(policy);
      }
    }
    for (Home home : homes) {
      if (home.leads()) {
        home.store()
            .known()
            .ifPresent(
                kept -> kept.forEach((policy, state) -> forget(policy, state, editions, home)));
      }
    }
    return over;
  }

  /** One that is written wrong by now goes on once it is right again. */
  private static boolean isOver(DocumentKey policy, Editions editions, Home home) {
    return editions.isOver(policy, () -> home.store().stands(policy));
  }

  private static void forget(DocumentKey policy, RolloutState state, Editions editions, Home home) {
    try {
      boolean isOver = home.leads() && isOver(policy, editions, home);
      if (isOver && !home.store().delete(policy, state)) {
        LOG.debug("{}: something else is kept of its rollout by now", policy);
      }
    } catch (IOException e) {
      home.failed(e);
      LOG.error("{}: it cannot be forgotten how its rollout stood: {}", policy, e.toString());
    }
  }
}
