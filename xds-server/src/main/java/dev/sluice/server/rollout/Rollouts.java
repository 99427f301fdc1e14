package dev.sluice.server.rollout;

import dev.sluice.catalog.ServiceId;
import dev.sluice.server.overrides.RefusedException;
import dev.sluice.server.overrides.RefusedException.Why;
import dev.sluice.server.rollout.analysis.Measured;
import dev.sluice.server.snapshot.Reason;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import dev.sluice.spec.Rollout;
import dev.sluice.spec.TrafficPolicy;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Carries out the rollouts of all policies: looks twice a second, keeps each new state, and then
 * puts its shares in force. Any thread may ask for something; one thing is done at a time.
 */
public final class Rollouts implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Rollouts.class);
  private static final long PERIOD_MILLIS = 500;
  private static final long IN_FORCE_SECONDS = 20;

  /** A rollout goes through no more states at one moment. */
  private static final int MOST_AT_ONCE = 10;

  private final RolloutFacts stages;
  private final RolloutStore store;
  private final InstantSource clock;
  private final Measurements measurements;
  private final SortedMap<DocumentKey, RolloutState> states = new TreeMap<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("rollouts").daemon().factory());

  public Rollouts(RolloutFacts stages, RolloutStore store, InstantSource clock) {
    this.stages = stages;
    this.store = store;
    this.clock = clock;
    this.measurements = new Measurements(clock);
  }

  /** Puts in force what an earlier process left; before the pipeline is told anything. */
  public synchronized void resume() {
    states.putAll(store.read());
    states.forEach(
        (policy, state) -> {
          LOG.info("{}: the rollout goes on: {}", policy, text(state));
          stages.pipeline().roll(policy, weights(state), reason(policy, "goes on"));
        });
  }

  /** Begins to look. */
  public void start() {
    var _ =
        thread.scheduleWithFixedDelay(
            this::lookSafely, PERIOD_MILLIS, PERIOD_MILLIS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    thread.shutdownNow();
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
  public synchronized void look() {
    if (!stages.pipeline().isSynced()) {
      return;
    }
    List<TrafficPolicy> rolling = rolling(stages.pipeline().documents());
    forgetOthers(rolling);
    Observer observer = new Observer(stages, clock.instant());
    rolling.forEach(policy -> goOn(policy, observer));
  }

  private static List<TrafficPolicy> rolling(Documents documents) {
    List<TrafficPolicy> rolling = new ArrayList<>();
    for (Document document : documents.all().values()) {
      if (document instanceof TrafficPolicy policy && policy.spec().rollout() != null) {
        rolling.add(policy);
      }
    }
    return rolling;
  }

  /** Those whose policy has no rollout any more, or is gone. */
  private void forgetOthers(List<TrafficPolicy> rolling) {
    TreeSet<DocumentKey> others = new TreeSet<>(states.keySet());
    rolling.forEach(policy -> others.remove(policy.key()));
    for (DocumentKey policy : others) {
      try {
        store.delete(policy);
        inForce(policy, Optional.empty(), reason(policy, "is over: its policy has none"));
        states.remove(policy);
        measurements.forget(policy);
      } catch (IOException e) {
        LOG.error("{}: it cannot be forgotten how its rollout stood: {}", policy, e.toString());
      }
    }
  }

  private void goOn(TrafficPolicy policy, Observer first) {
    Rollout section = Objects.requireNonNull(policy.spec().rollout());
    Observer observer = first;
    for (int i = 0; i < MOST_AT_ONCE; i++) {
      Optional<RolloutState> before = Optional.ofNullable(states.get(policy.key()));
      if (before.filter(it -> isAtRest(it, section)).isPresent()) {
        return;
      }
      Facts facts = observer.facts(policy.key(), measurements.of(policy, before, observer));
      if (facts.versions().isEmpty()) {
        return; // Its service is not known yet.
      }
      RolloutState next = Rolling.next(section, before, facts);
      if (before.filter(next::equals).isPresent() || !become(policy, before, next)) {
        return;
      }
      if (before.filter(it -> it.shares().equals(next.shares())).isEmpty()) {
        observer = new Observer(stages, clock.instant());
      }
    }
  }

  private static boolean isAtRest(RolloutState state, Rollout section) {
    return state.phase().isEnd()
        && state.phase() != Phase.BLOCKED
        && state.target().equals(Target.of(section));
  }

  /** It is kept before it is in force: whoever goes on with it knows all that proxies may have. */
  private boolean become(TrafficPolicy policy, Optional<RolloutState> before, RolloutState to) {
    DocumentKey key = policy.key();
    long serial = before.map(RolloutState::serial).orElse(0L);
    boolean isNew = before.filter(it -> it.isAllBut(to)).isEmpty();
    RolloutState next = to.numbered(isNew ? serial + 1 : serial);
    try {
      if (isNew) {
        store.write(key, next);
      }
      if (before.filter(it -> it.shares().equals(next.shares())).isEmpty()) {
        inForce(key, weights(next), reason(key, text(next)));
      }
    } catch (IOException e) {
      LOG.error("{}: it cannot be kept how its rollout stands, so it waits: {}", key, e.toString());
      return false;
    }
    states.put(key, next);
    if (before.filter(it -> it.phase() == next.phase()).isEmpty()) {
      LOG.info("{}: {}", key, text(next));
    }
    return true;
  }

  private void inForce(
      DocumentKey policy, Optional<SortedMap<String, Integer>> weights, Reason why) {
    CompletableFuture<Void> done =
        CompletableFuture.runAsync(
            () -> stages.pipeline().roll(policy, weights, why), stages.writer());
    try {
      done.get(IN_FORCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the server is stopping", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the shares of " + policy + " are not in force", e);
    }
  }

  /** How all of them stand, by their policies. */
  public synchronized List<Standing> standing() {
    Observer observer = new Observer(stages, clock.instant());
    List<Standing> all = new ArrayList<>();
    for (TrafficPolicy policy : rolling(stages.pipeline().documents())) {
      standing(policy, observer).ifPresent(all::add);
    }
    return all;
  }

  private Optional<Standing> standing(TrafficPolicy policy, Observer observer) {
    return Optional.ofNullable(states.get(policy.key()))
        .map(
            state ->
                new Standing(
                    policy.key(),
                    policy.origin().toString(),
                    Objects.requireNonNull(policy.spec().rollout()),
                    state,
                    observer.facts(policy.key(), new Measured.Nothing()),
                    measurements.readings(policy.key())));
  }

  /**
   * Does what somebody asks of a rollout.
   *
   * @param by who asks, for people to read
   * @return how it stands then
   * @throws RefusedException when it is not done
   */
  public synchronized Standing ask(DocumentKey key, Verb verb, String by) {
    TrafficPolicy policy =
        rolling(stages.pipeline().documents()).stream()
            .filter(it -> it.key().equals(key) && states.containsKey(key))
            .findFirst()
            .orElseThrow(
                () -> new RefusedException(Why.UNKNOWN, key + " has no rollout that is under way"));
    Instant now = clock.instant();
    Observer observer = new Observer(stages, now);
    RolloutState before = Objects.requireNonNull(states.get(key));
    Asked asked =
        Rolling.asked(
            verb,
            Objects.requireNonNull(policy.spec().rollout()),
            before,
            observer.facts(key, new Measured.Nothing()),
            by);
    return switch (asked) {
      case Asked.Refused(String why) -> throw new RefusedException(Why.CONFLICT, key + ": " + why);
      case Asked.Done(RolloutState next) -> {
        if (!become(policy, Optional.of(before), next)) {
          throw new RefusedException(
              Why.STORE, "it cannot be kept, so nothing was done; see the log");
        }
        LOG.info("{}: {} by {}", key, verb, by);
        yield standing(policy, new Observer(stages, now)).orElseThrow();
      }
    };
  }

  private static Optional<SortedMap<String, Integer>> weights(RolloutState state) {
    return Optional.of(state.shares().byVersion());
  }

  private static String text(RolloutState state) {
    return "%s, %s%s"
        .formatted(
            state.phase(), state.shares(), state.words().isEmpty() ? "" : ": " + state.words());
  }

  private static Reason reason(DocumentKey policy, String what) {
    return new Reason(Reason.Kind.ROLLOUT, policy.toString(), what, new TreeSet<ServiceId>());
  }
}
