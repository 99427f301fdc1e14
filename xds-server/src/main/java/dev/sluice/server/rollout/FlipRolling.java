package dev.sluice.server.rollout;

import dev.sluice.server.rollout.RolloutState.Warm;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** What becomes of a flip of all traffic at one moment. */
final class FlipRolling {
  private final Moves moves;
  private final Terms.Gate gate;
  private final Target target;
  private final Readiness instances;
  private final Instant now;

  FlipRolling(Moves moves) {
    this.moves = moves;
    this.gate = moves.terms().gate();
    this.target = moves.target();
    this.instances = moves.facts().of(target.to());
    this.now = moves.now();
  }

  /** It waits for its gate; the way back to a version that is kept at hand has none. */
  RolloutState gated(RolloutState state) {
    return moves.deserted(state).orElseGet(() -> waiting(state)); // A canary's before an edit.
  }

  private RolloutState waiting(RolloutState state) {
    if (state.pause().isPresent()) {
      return state.stable(Optional.empty());
    }
    boolean isWayBack =
        state.warm().stream()
            .anyMatch(it -> it.version().equals(target.to()) && it.until().isAfter(now));
    boolean isMet = instances.ready() > 0 && (isWayBack || gate.isMetBy(instances));
    if (!isMet) {
      return givenUp(state, unmet())
          .orElseGet(() -> state.stable(Optional.empty()).saying(unmet()));
    }
    Instant since = state.stableSince().orElse(now);
    boolean isStable = !since.plus(isWayBack ? Duration.ZERO : gate.stableFor()).isAfter(now);
    if (isStable && (isWayBack || moves.confirmed(state).isPresent())) {
      return moves.flipped(state);
    }
    String words =
        isStable
            ? moves.waiting("what is in force")
            : "the gate is met, and is to stay so for " + gate.stableFor().toSeconds() + "s";
    return givenUp(state, words).orElseGet(() -> state.stable(Optional.of(since)).saying(words));
  }

  private Optional<RolloutState> givenUp(RolloutState state, String words) {
    return state.since().plus(gate.timeout()).isAfter(now)
        ? Optional.empty()
        : Optional.of(state.in(Phase.GIVEN_UP, now, "no traffic moved: " + words));
  }

  private String unmet() {
    return "the gate is not met: %d of %d instances of %s are ready, it takes %d and %s %%"
        .formatted(
            instances.ready(),
            instances.total(),
            target.to(),
            gate.minReady(),
            gate.minReadyPercent());
  }

  /** Proxies are acknowledging the flip. */
  RolloutState shifting(RolloutState state) {
    return moves.acknowledged(state, this::arrived);
  }

  /** Every proxy has it; where an edit took a flip back that had not happened, that is all. */
  RolloutState arrived(RolloutState state) {
    return state.warm().map(Warm::version).filter(target.from()::equals).isPresent()
        ? moves.keepingWarm(state).in(Phase.KEEPING, now, target.from() + " is kept at hand")
        : moves.complete(state);
  }

  RolloutState keeping(RolloutState state) {
    if (moves.isDead(target.to()) && !moves.isDead(target.from())) {
      return moves.failed(state, Moves.dead(target.to()));
    }
    boolean isOver = state.warm().stream().noneMatch(warm -> warm.until().isAfter(now));
    return isOver ? moves.complete(state) : state;
  }
}
