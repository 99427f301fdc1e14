package dev.sluice.server.rollout;

import dev.sluice.spec.Rollout;
import java.util.Optional;

/**
 * What becomes of a rollout at one moment: a pure function of its section, of how it stands and of
 * the facts. Nothing but this moves shares by itself.
 */
final class Rolling {
  private final Moves moves;
  private final Target target;
  private final Facts facts;

  private Rolling(Terms terms, Facts facts) {
    this.moves = new Moves(terms, facts);
    this.target = terms.target();
    this.facts = facts;
  }

  /** The next state; the same one while there is nothing to do. */
  static RolloutState next(Rollout section, Optional<RolloutState> before, Facts facts) {
    Terms terms = Terms.of(section);
    if (before.isEmpty()) {
      return begun(terms, Beginning.first(terms.target(), facts));
    }
    RolloutState state = before.get();
    if (!state.target().equals(terms.target())) {
      return begun(terms, Beginning.edited(terms.target(), state, facts));
    }
    return new Rolling(terms, facts).next(state);
  }

  /** The same state, with what it waits for at this moment rather than at the last look. */
  static RolloutState worded(Rollout section, RolloutState state, Facts facts) {
    if (!state.target().equals(Target.of(section))) {
      return state;
    }
    return switch (state.phase()) {
      case READYING, SHIFTING -> state.pause().isPresent() ? state : waiting(section, state, facts);
      case REVERTING -> { // Its words are why it goes back.
        String waits = new Moves(Terms.of(section), facts).waiting(state.shares().toString());
        yield state.saying(state.words() + "; " + waits);
      }
      case HOLDING, APPROVING, KEEPING, BLOCKED, COMPLETE, REVERTED, GIVEN_UP -> state;
    };
  }

  private static RolloutState waiting(Rollout section, RolloutState state, Facts facts) {
    RolloutState next = next(section, Optional.of(state), facts);
    return state.saying(next.isAllBut(state) ? next.words() : ""); // It waits for nothing any more.
  }

  /**
   * A step that goes as far as it is at the beginning is held too: one of nothing, for those who
   * reach the new version by a route, or one that an edit made.
   */
  static RolloutState begun(Terms terms, RolloutState state) {
    return state.phase() == Phase.READYING && terms.hasStepOf(state.shares())
        ? state.in(Phase.SHIFTING, state.since(), "")
        : state;
  }

  private RolloutState next(RolloutState state) {
    if (Moves.isSettling(state)) {
      return moves.acknowledged(state, isCanary() ? moves::complete : flip()::arrived);
    }
    return switch (state.phase()) {
      case READYING -> isCanary() ? canary().ready(state) : flip().gated(state);
      case SHIFTING -> shifting(state);
      case HOLDING -> canary().holding(state);
      case APPROVING -> canary().approving(state);
      case KEEPING -> flip().keeping(state);
      case REVERTING -> reverting(state);
      case BLOCKED -> again(state);
      case COMPLETE, REVERTED, GIVEN_UP -> state;
    };
  }

  private boolean isCanary() {
    return target.kind() == Target.Kind.CANARY;
  }

  private CanaryRolling canary() {
    return new CanaryRolling(moves);
  }

  private FlipRolling flip() {
    return new FlipRolling(moves);
  }

  private RolloutState again(RolloutState state) {
    RolloutState begun = Beginning.edited(target, state, facts);
    return begun.phase() == Phase.BLOCKED ? state : begun;
  }

  private RolloutState shifting(RolloutState state) {
    return moves
        .refusal()
        .map(words -> moves.failed(state, words))
        .or(() -> moves.deserted(state))
        .orElseGet(() -> isCanary() ? canary().shifting(state) : flip().shifting(state));
  }

  private RolloutState reverting(RolloutState state) {
    return moves
        .confirmed(state)
        .map(silent -> state.in(Phase.REVERTED, moves.now(), state.words()).without(silent))
        .orElse(state);
  }
}
