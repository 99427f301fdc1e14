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
    if (Moves.isSettling(state)) {
      return new Asked.Done(moves.complete(unpaused).without(moves.facts().behind()));
    }
    return switch (state.phase()) {
      case HOLDING, APPROVING -> new Asked.Done(moves.further(unpaused));
      case READYING ->
          target.kind() == Target.Kind.CANARY
              ? new CanaryRolling(moves).promoted(unpaused)
              : moves.isDead(target.to())
                  ? new Asked.Refused(Moves.dead(target.to()))
                  : new Asked.Done(moves.flipped(unpaused));
      case SHIFTING ->
          state.pause().isPresent() ? new Asked.Done(unpaused.saying("")) : withoutSilent(unpaused);
      case REVERTING -> new Asked.Refused(acknowledging(state) + "; try again then");
      case KEEPING -> new Asked.Done(moves.complete(state));
      case COMPLETE, REVERTED, GIVEN_UP, BLOCKED -> nothingTo("promote", state);
    };
  }

  /** Those who have been silent for long are not waited for any more, whatever the section says. */
  private Asked withoutSilent(RolloutState state) {
    if (moves.facts().confirmation().isEmpty()) {
      return new Asked.Refused(
          "proxies are acknowledging %s, and it is not known here which; try again then, or ask the replica that carries it out"
              .formatted(state.shares()));
    }
    if (!moves.isSilenceOnly(state)) {
      return new Asked.Refused(
          "%s; try again then, or once those have been silent for %s, to go on without them"
              .formatted(acknowledging(state), terms.silentAfter().toSeconds() + "s"));
    }
    RolloutState next =
        target.kind() == Target.Kind.CANARY
            ? new CanaryRolling(moves).arrived(state)
            : new FlipRolling(moves).arrived(state);
    return new Asked.Done(next.without(moves.facts().behind()));
  }

  private String acknowledging(RolloutState state) {
    String names = moves.facts().confirmation().map(Confirmation::names).orElse("");
    return "proxies are acknowledging %s%s"
        .formatted(state.shares(), names.isEmpty() ? "" : ", and not yet " + names);
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
      boolean isEverywhere =
          moves.facts().confirmation().filter(Confirmation::isComplete).isPresent();
      Phase end = isEverywhere ? Phase.REVERTED : Phase.REVERTING;
      return new Asked.Done(state.paused(Optional.empty()).in(end, now, why));
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
