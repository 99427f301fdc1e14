package dev.sluice.server.rollout;

import dev.sluice.server.rollout.analysis.Analyses;
import dev.sluice.server.rollout.analysis.Held;
import dev.sluice.server.rollout.analysis.Measured;
import dev.sluice.server.rollout.analysis.Reading;
import dev.sluice.spec.Analysis;
import dev.sluice.spec.Canary;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Percent;
import dev.sluice.spec.Rollout;
import dev.sluice.spec.TrafficPolicy;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Which steps are measured, and as what. The controller's lock guards it. */
final class Measurements implements AutoCloseable {
  private final Analyses analyses;

  Measurements(InstantSource clock) {
    this.analyses = new Analyses(clock);
  }

  /** What is measured of the step that a rollout is at. */
  Measured of(TrafficPolicy policy, Optional<RolloutState> state, Observer observer) {
    Rollout section = Objects.requireNonNull(policy.spec().rollout());
    Optional<Analysis> asked = analysis(section);
    if (asked.isEmpty() || state.filter(Measurements::isAtItsBeginning).isPresent()) {
      analyses.forget(policy.key()); // What was measured of an earlier one is not of this one.
      return new Measured.Nothing();
    }
    return state
        .filter(it -> isMeasured(it, section))
        .flatMap(it -> held(policy.key(), section, it, observer))
        .map(held -> analyses.look(policy.key(), held, asked.get()))
        .orElseGet(
            () -> {
              analyses.rest(policy.key());
              return new Measured.Nothing();
            });
  }

  private static boolean isAtItsBeginning(RolloutState state) {
    return state.phase() == Phase.READYING && state.reached() == 0;
  }

  /** From one change of the shares to the next, also in a pause. */
  private static boolean isMeasured(RolloutState state, Rollout section) {
    return state.target().equals(Target.of(section))
        && switch (state.phase()) {
          case HOLDING, APPROVING -> true;
          case READYING -> state.reached() > 0 && !Moves.isSettling(state);
          case SHIFTING -> state.reached() > 0;
          case KEEPING, REVERTING, COMPLETE, REVERTED, GIVEN_UP, BLOCKED -> false;
        };
  }

  private static Optional<Held> held(
      DocumentKey policy, Rollout section, RolloutState state, Observer observer) {
    Target target = state.target();
    SortedMap<String, Percent> shares = new TreeMap<>();
    state.shares().byVersion().forEach((name, share) -> shares.put(name, new Percent(share)));
    return observer
        .called(policy, target.to())
        .map(
            called ->
                new Held(
                    called.service(),
                    target.from(),
                    target.to(),
                    called.cluster().name(),
                    called.cluster().statName(),
                    Terms.of(section).reached(state.shares()),
                    shares,
                    state.begun(),
                    state.pause().map(RolloutState.Pause::since)));
  }

  private static Optional<Analysis> analysis(Rollout section) {
    return Optional.ofNullable(section.canary()).map(Canary::analysis);
  }

  /** What was last measured, for people to read. */
  List<Reading> readings(DocumentKey policy) {
    return analyses.readings(policy);
  }

  void forget(DocumentKey policy) {
    analyses.forget(policy);
  }

  @Override
  public void close() {
    analyses.close();
  }
}
