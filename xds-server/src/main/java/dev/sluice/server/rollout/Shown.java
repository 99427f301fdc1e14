package dev.sluice.server.rollout;

import dev.sluice.server.rollout.analysis.Measured;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.TrafficPolicy;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * How rollouts stood after the last thing that was done, for whoever wants to see it without a wait
 * for what is being done. Any thread may look.
 */
final class Shown {
  private final RolloutFacts stages;
  private final KeptStates states;
  private final Measurements measurements;
  private final InstantSource clock;
  private volatile SortedMap<DocumentKey, Known> known = Collections.emptySortedMap();

  /**
   * What is known of one.
   *
   * @param state how it stands
   * @param isInForce whether this server serves that
   * @param restart that proxies are on their way back after a restart of the server
   */
  private record Known(RolloutState state, boolean isInForce, Optional<Hindrance> restart) {}

  /** Nothing yet. */
  Shown(RolloutFacts stages, KeptStates states, Measurements measurements, InstantSource clock) {
    this.stages = stages;
    this.states = states;
    this.measurements = measurements;
    this.clock = clock;
  }

  /**
   * Shows them as they stand now; called by whoever may use the states.
   *
   * @param restart of one whether proxies are on their way back after a restart
   */
  void update(BiFunction<DocumentKey, RolloutState, Optional<Hindrance>> restart) {
    SortedMap<DocumentKey, Known> now = new TreeMap<>();
    states
        .all()
        .forEach(
            (policy, state) ->
                now.put(
                    policy,
                    new Known(state, states.isInForce(policy), restart.apply(policy, state))));
    known = Collections.unmodifiableSortedMap(now);
  }

  /** All, by their policies. */
  List<Standing> all() {
    Instant now = clock.instant();
    Observer observer = new Observer(stages, now);
    List<Standing> all = new ArrayList<>();
    for (Edition edition : Editions.of(stages.pipeline()).all()) {
      standing(edition, observer, now).ifPresent(all::add);
    }
    return all;
  }

  /** One that has begun. */
  Standing of(Edition edition) {
    Instant now = clock.instant();
    return standing(edition, new Observer(stages, now), now).orElseThrow();
  }

  private Optional<Standing> standing(Edition edition, Observer observer, Instant now) {
    return Optional.ofNullable(known.get(edition.key()))
        .map(it -> standing(edition, it, observer))
        .or(() -> states.toldHindrance(edition).map(it -> Standing.notBegun(edition, it, now)));
  }

  /** Who does not lead knows of its own proxies alone. */
  private Standing standing(Edition edition, Known its, Observer observer) {
    TrafficPolicy policy = edition.policy();
    Facts own = observer.facts(policy.key(), new Measured.Nothing());
    Facts all = states.withOthers(own, policy, Optional.of(its.state()));
    boolean isOfAll = all.confirmation().isPresent();
    return new Standing(
        edition,
        isOfAll && its.isInForce()
            ? Rolling.worded(edition.section(), its.state(), all)
            : its.state(),
        isOfAll ? all : own,
        isOfAll ? Standing.Counted.OF_ALL : Standing.Counted.OF_THIS,
        measurements.readings(policy.key()),
        states.toldHindrance(edition).or(its::restart));
  }
}
