package dev.sluice.server.rollout;

import dev.sluice.server.rollout.RolloutState.Pause;
import dev.sluice.spec.Rollout;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;

/** What becomes of what people ask of a rollout: a pure function as {@link Rolling} is. */
final class Asking {
  private final Moves moves;
  private final Terms terms;
  private final Target target;
  private final Instant now;

  private Asking(Moves moves) {
    this.moves = moves;
    this.terms = moves.terms();
    this.target = moves.target();
    this.now = moves.now();
  }

  static Asked asked(Verb verb, Rollout section, RolloutState state, Facts facts, String by) {
    return new Asking(new Moves(Terms.of(section), facts)).asked(verb, state, by);
  }

  Asked asked(Verb verb, RolloutState state, String by) {
    if (!state.target().equals(target)) {
      return new Asked.Refused("its section has just been edited; try again");
    }
    return switch (verb) {
      case PROMOTE -> promoted(state);
      case PAUSE ->
          state.phase().isEnd() || state.phase() == Phase.REVERTING
              ? nothingTo("pause", state)
              : new Asked.Done(state.paused(Optional.of(new Pause(now, "paused by " + by))));
      case RESUME -> resumed(state);
      case ABORT -> aborted(state, "aborted by " + by);
    };
  }

  private Asked promoted(RolloutState state) {
    RolloutState unpaused = state.paused(Optional.empty());
    return switch (state.phase()) {
      case HOLDING, APPROVING -> new Asked.Done(moves.further(unpaused));
      case READYING ->
          target.kind() == Target.Kind.CANARY
              ? new CanaryRolling(moves).promoted(unpaused)
              : moves.isDead(target.to())
                  ? new Asked.Refused(Moves.dead(target.to()))
                  : new Asked.Done(moves.flipped(unpaused));
      case SHIFTING, REVERTING ->
          new Asked.Refused("proxies are acknowledging " + state.shares() + "; try again then");
      case KEEPING -> new Asked.Done(moves.complete(state));
      case COMPLETE, REVERTED, GIVEN_UP, BLOCKED -> nothingTo("promote", state);
    };
  }

  private Asked resumed(RolloutState state) {
    if (state.pause().isPresent()) {
      RolloutState unpaused = state.paused(Optional.empty()).saying("");
      boolean isGated = state.phase() == Phase.READYING && target.kind() == Target.Kind.BLUE_GREEN;
      return new Asked.Done(isGated ? unpaused.in(Phase.READYING, now, "") : unpaused);
    }
    return switch (state.phase()) {
      case REVERTED, GIVEN_UP ->
          new Asked.Done(Rolling.begun(terms, RolloutState.beginning(target, state.shares(), now)));
      default -> new Asked.Refused("it is not paused: it is " + name(state));
    };
  }

  private Asked aborted(RolloutState state, String why) {
    if (state.phase().isEnd() || state.phase() == Phase.REVERTING) {
      return nothingTo("abort", state);
    }
    if (state.reached() == 0 && state.phase() != Phase.SHIFTING) {
      return new Asked.Done(state.paused(Optional.empty()).in(Phase.REVERTED, now, why));
    }
    RolloutState back = moves.back(state, why);
    return back.phase() == Phase.REVERTING ? new Asked.Done(back) : new Asked.Refused(back.words());
  }

  private static Asked nothingTo(String what, RolloutState state) {
    String remedy =
        switch (state.phase()) {
          case REVERTED, GIVEN_UP -> "; 'sluice rollout resume' begins it anew";
          case BLOCKED -> ", " + state.words();
          default -> "";
        };
    return new Asked.Refused(
        "there is nothing to %s: it is %s%s".formatted(what, name(state), remedy));
  }

  private static String name(RolloutState state) {
    return state.phase().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
