package dev.sluice.server.rollout;

import dev.sluice.server.conditions.Condition;
import dev.sluice.server.conditions.KeptTexts.Writer;
import dev.sluice.server.conditions.RolloutTally;
import dev.sluice.server.overrides.RefusedException;
import dev.sluice.server.overrides.RefusedException.Why;
import dev.sluice.server.rollout.analysis.Measured;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Rollout;
import dev.sluice.spec.TrafficPolicy;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the rollouts of all policies: looks twice a second, keeps each new state, and then
 * puts its shares in force. Any thread may ask for something; one thing is done at a time.
 */
public final class Rollouts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rollouts.class);
  private static final long PERIOD_MILLIS = 500;
  private static final long CLOSE_SECONDS = 5;
  private static final long ASK_SECONDS = 3;

  /** So long after a start proxies may be on their way, by Envoy's own pauses. */
  private static final Duration COMING_BACK = Duration.ofSeconds(30);

  /** A rollout goes through no more states at one moment. */
  private static final int MOST_AT_ONCE = 10;

  private final RolloutFacts stages;
  private final KeptStates states;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private final Measurements measurements;
  private final Map<DocumentKey, Lateness> lateness = new HashMap<>();

  /** When it was first looked, by {@link #nanoTime}. */
  private Optional<Long> first = Optional.empty();

  private volatile Tallied tallied = Tallied.NONE;

  private final Shown shown;

  /** Whether no proxy is connected here, by the newest look; other replicas tell of theirs. */
  private boolean isNobodyThere;

  /** Held while something is done, also while a store is asked. */
  private final ReentrantLock busy = new ReentrantLock();

  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("rollouts").daemon().factory());

  /**
   * Rollouts that do not go on yet.
   *
   * @param stores where it is kept how they stand: of those that hold a policy the first
   */
  public Rollouts(RolloutFacts stages, List<RolloutStore> stores, InstantSource clock) {
    this(stages, stores, clock, System::nanoTime);
  }

  Rollouts(
      RolloutFacts stages, List<RolloutStore> stores, InstantSource clock, LongSupplier nanoTime) {
    this.stages = stages;
    this.states = new KeptStates(stores, new InForce(stages, nanoTime), stages.metrics(), nanoTime);
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.measurements = new Measurements(clock);
    this.shown = new Shown(stages, states, measurements, clock);
  }

  /**
   * Has what is kept in a store be in force before anything that the pipeline is told from here on;
   * nothing where it is not known what is kept.
   */
  public void resume(RolloutStore store) {
    busy.lock();
    try {
      states.resume(store);
      shown.update(this::restart);
    } finally {
      busy.unlock();
    }
  }

  /** Begins to look. */
  public void start() {
    var _ =
        thread.scheduleWithFixedDelay(
            this::lookSafely, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** Ends it after what it is doing; who goes on with it finds all of that kept. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
    measurements.close();
  }

  private void lookSafely() {
    try {
      look();
    } catch (RuntimeException e) {
      LOG.error("rollouts could not be looked at; trying again", e);
    }
  }

  /** One look at all of them, as {@link #start} has it done twice a second. */
  public void look() {
    if (!stages.pipeline().isSynced()) {
      return;
    }
    busy.lock();
    try {
      lookAtAll();
    } finally {
      shown.update(this::restart);
      busy.unlock();
    }
  }

  private void lookAtAll() {
    first = first.or(() -> Optional.of(nanoTime.getAsLong()));
    isNobodyThere = sinceStart().isPresent() && stages.proxies().get().isEmpty();
    Editions editions = Editions.of(stages.pipeline());
    states.adopt(editions.told());
    states.forgetOthers(editions).forEach(this::forget);
    states.bringInForce();
    List<TrafficPolicy> led = new ArrayList<>();
    for (Edition edition : editions.all()) {
      if (states.hindrance(edition).isEmpty() && states.leads(edition.policy())) {
        led.add(edition.policy());
      } else {
        forget(edition.key());
      }
    }
    goOn(led);
    tell(editions);
    tallied = Tallied.of(states.all().values());
  }

  private void forget(DocumentKey policy) {
    measurements.forget(policy);
    lateness.remove(policy);
  }

  /** How many there are, without a wait for what is being done. */
  public Tallied tallied() {
    return tallied;
  }

  /** Tells other replicas how this one's proxies are, and people how rollouts stand. */
  private void tell(Editions editions) {
    Observer observer = new Observer(stages, clock.instant());
    for (Home home : states.homes()) {
      SortedMap<DocumentKey, RolloutTally> tallies = new TreeMap<>();
      SortedMap<DocumentKey, Condition> conditions = new TreeMap<>();
      for (Edition edition : editions.all()) {
        TrafficPolicy policy = edition.policy();
        if (!states.home(policy).equals(home)) {
          continue;
        }
        Optional<RolloutState> state = states.of(policy.key());
        Optional<Hindrance> hindrance = states.hindrance(edition);
        Telling.condition(state, states.toldHindrance(edition))
            .ifPresent(it -> conditions.put(policy.key(), it));
        boolean isGoing =
            hindrance.isEmpty()
                && state.filter(it -> !it.phase().isEnd()).isPresent()
                && states.isInForce(policy.key());
        if (!home.leads() && isGoing) {
          Confirmation own = observer.confirmation(policy.key());
          long generation = policy.origin().generation();
          tallies.put(
              policy.key(), AllReplicas.tally(own, state.orElseThrow().serial(), generation));
        }
      }
      home.store().replicas().tell(tallies, conditions);
    }
  }

  /** Has each go on as far as it does at this moment, one state at a time, all together. */
  private void goOn(List<TrafficPolicy> led) {
    List<TrafficPolicy> going = led;
    Observer observer = new Observer(stages, clock.instant());
    for (int i = 0; i < MOST_AT_ONCE && !going.isEmpty(); i++) {
      List<TrafficPolicy> gone = new ArrayList<>();
      for (TrafficPolicy policy : going) {
        if (states.leads(policy) && goOn(policy, observer)) { // Its store may have gone away.
          gone.add(policy);
        }
      }
      going = gone;
      if (states.bringInForce()) {
        observer = new Observer(stages, clock.instant());
      }
    }
  }

  /** Whether it has come to another state. */
  private boolean goOn(TrafficPolicy policy, Observer observer) {
    Rollout section = Objects.requireNonNull(policy.spec().rollout());
    Optional<RolloutState> before = states.of(policy.key());
    if (before.filter(it -> isAtRest(it, section)).isPresent()) {
      lateness.remove(policy.key());
      states.nothingToKeep(policy.key());
      return false;
    }
    try {
      Facts facts = facts(policy, before, measurements.of(policy, before, observer), observer);
      if (facts.versions().isEmpty()) {
        return false; // Its service is not known yet.
      }
      RolloutState next = Rolling.next(section, before, facts);
      if (before.filter(next::equals).isPresent()) {
        states.nothingToKeep(policy.key());
        return false;
      }
      return states.become(policy, before, next, Writer.LEADER);
    } catch (RuntimeException e) {
      LOG.error("{}: its rollout could not be looked at; trying again", policy.key(), e);
      return false;
    }
  }

  private static boolean isAtRest(RolloutState state, Rollout section) {
    return state.phase().isEnd()
        && state.phase() != Phase.BLOCKED
        && state.target().equals(Target.of(section));
  }

  /**
   * For how long nobody counts as having acknowledged anything by not being there, since the server
   * has just been started: of what an earlier process changed, and where nobody is there at all;
   * empty where all count.
   */
  private Optional<Duration> comingBack(DocumentKey policy) {
    return sinceStart()
        .filter(_ -> states.isResumed(policy) || (isNobodyThere && states.isOfOneServer(policy)));
  }

  /** How long proxies may still be on their way since the server has been started, if they may. */
  private Optional<Duration> sinceStart() {
    return first
        .map(from -> COMING_BACK.minusNanos(nanoTime.getAsLong() - from))
        .filter(Duration::isPositive);
  }

  private Optional<Hindrance> restart(DocumentKey policy, RolloutState state) {
    return comingBack(policy)
        .filter(_ -> state.phase().isOfProxies() && states.leads(policy))
        .map(left -> Hindrance.restart(clock.instant().plus(left)));
  }

  /** With the proxies of all replicas; those are not known while some are on their way back. */
  private Facts facts(
      TrafficPolicy policy, Optional<RolloutState> before, Measured measured, Observer observer) {
    Facts seen = observer.facts(policy.key(), measured);
    boolean isKnown =
        before.isEmpty() || (states.isInForce(policy.key()) && comingBack(policy.key()).isEmpty());
    return states
        .withOthers(isKnown ? seen : seen.with(Optional.empty()), policy, before)
        .with(lateness.computeIfAbsent(policy.key(), _ -> new Lateness()));
  }

  /** How all of them stand, by their policies, without a wait for what is being done. */
  public List<Standing> standing() {
    return shown.all();
  }

  /**
   * Does what somebody asks of a rollout.
   *
   * @param by who asks, for people to read
   * @return how it stands then
   * @throws RefusedException when it is not done
   */
  public Standing ask(DocumentKey key, Verb verb, String by) {
    if (thread.isShutdown()) {
      throw new RefusedException(
          Why.UNAVAILABLE, "the server is stopping, so nothing was done; ask another one");
    }
    if (!isFree()) {
      throw new RefusedException(
          Why.UNAVAILABLE,
          "rollouts are waiting for who keeps how they stand, so nothing was done; try again");
    }
    try {
      return done(key, verb, by);
    } finally {
      shown.update(this::restart);
      busy.unlock();
    }
  }

  private boolean isFree() {
    try {
      return busy.tryLock(ASK_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private Standing done(DocumentKey key, Verb verb, String by) {
    Edition edition =
        Editions.of(stages.pipeline())
            .of(key)
            .orElseThrow(
                () -> new RefusedException(Why.UNKNOWN, key + " has no rollout that is under way"));
    Optional<Hindrance> hindrance = states.hindrance(edition);
    if (hindrance.isPresent()) {
      throw new RefusedException(Why.CONFLICT, key + ": " + hindrance.get().words());
    }
    RolloutState before =
        states
            .of(key)
            .orElseThrow(
                () -> new RefusedException(Why.UNKNOWN, key + " has no rollout that is under way"));
    TrafficPolicy policy = edition.policy();
    Instant now = clock.instant();
    Observer observer = new Observer(stages, now);
    Asked asked =
        Asking.asked(
            verb,
            edition.section(),
            before,
            facts(policy, Optional.of(before), new Measured.Nothing(), observer),
            by);
    return switch (asked) {
      case Asked.Refused(String why) -> throw new RefusedException(Why.CONFLICT, key + ": " + why);
      case Asked.Done(RolloutState next) -> {
        if (!states.become(policy, Optional.of(before), next, Writer.ANY)) {
          throw new RefusedException(
              Why.STORE, "it cannot be kept, so nothing was done; see the log");
        }
        states.bringInForce();
        LOG.info("{}: {} by {}", key, verb, by);
        shown.update(this::restart);
        yield shown.of(edition);
      }
    };
  }
}
