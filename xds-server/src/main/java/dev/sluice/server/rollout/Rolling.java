package dev.sluice.server.rollout;

import dev.sluice.server.rollout.RolloutState.Pause;
import dev.sluice.server.rollout.RolloutState.Warm;
import dev.sluice.server.rollout.analysis.Measured;
import dev.sluice.spec.Canary;
import dev.sluice.spec.Rollout;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;

/**
 * What becomes of a rollout at one moment: a pure function of its section, of how it stands and of
 * the facts. Nothing but this moves shares by itself.
 */
final class Rolling {
  private final Terms terms;
  private final Target target;
  private final Facts facts;
  private final Instant now;

  private Rolling(Terms terms, Facts facts) {
    this.terms = terms;
    this.target = terms.target();
    this.facts = facts;
    this.now = facts.now();
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

  /** A first step of nothing is held too: for those who reach the new version by a route. */
  private static RolloutState begun(Terms terms, RolloutState state) {
    boolean isOfNothing =
        !terms.steps().isEmpty() && terms.steps().getFirst().size().equals(new Size.OfTraffic(0));
    return isOfNothing && state.phase() == Phase.READYING && state.reached() == 0
        ? state.in(Phase.SHIFTING, state.since(), "")
        : state;
  }

  private RolloutState next(RolloutState state) {
    return switch (state.phase()) {
      case READYING -> target.kind() == Target.Kind.CANARY ? ready(state) : gated(state);
      case SHIFTING -> shifting(state);
      case HOLDING -> holding(adjusted(state));
      case APPROVING -> approving(adjusted(state));
      case KEEPING -> keeping(state);
      case REVERTING -> reverting(state);
      case BLOCKED -> again(state);
      case COMPLETE, REVERTED, GIVEN_UP -> state;
    };
  }

  private RolloutState again(RolloutState state) {
    RolloutState begun = Beginning.edited(target, state, facts);
    return begun.phase() == Phase.BLOCKED ? state : begun;
  }

  private RolloutState ready(RolloutState state) {
    if (state.reached() == Shares.WHOLE) {
      return complete(state);
    }
    if (state.reached() > 0 && facts.measured() instanceof Measured.Failed(String words)) {
      return failed(state, words);
    }
    Step step = terms.after(state.shares());
    int needed = terms.needed(step, facts.of(target.from()));
    int ready = facts.of(target.to()).ready();
    if (ready < needed) {
      return state.saying(
          "the step to %s waits for instances of %s: %d of %d are ready"
              .formatted(step.size(), target.to(), ready, needed));
    }
    if (state.pause().isPresent()) {
      return state;
    }
    Shares next = shares(step);
    if (!facts.canCarry(state.shares(), next)) { // After an edit a step may give some back.
      return state.saying("the step to %s waits: %s".formatted(step.size(), dead(target.from())));
    }
    return confirmed(state)
        .map(silent -> moved(state, next).without(silent))
        .orElseGet(() -> state.saying(waiting("what it begins with")));
  }

  private Shares shares(Step step) {
    return terms.shares(step, facts.of(target.from()), facts.of(target.to()));
  }

  /** Where instances have an equal share each, their number changes it while a step lasts. */
  private RolloutState adjusted(RolloutState state) {
    return state
        .shares()
        .part()
        .filter(_ -> !isDead(target.to()) && !isDead(target.from()))
        .map(part -> equal(part))
        .filter(shares -> shares.of(target.to()) <= state.reached() || !isFailing())
        .map(state::at)
        .orElse(state);
  }

  private boolean isFailing() {
    return facts.measured() instanceof Measured.Failed;
  }

  private Shares equal(Part part) {
    int ready = Math.min(part.count(), facts.of(target.to()).ready());
    int ofPart =
        Shares.of(
                target.from(),
                facts.of(target.from()).ready(),
                new Part(part.version(), part.step(), ready))
            .of(target.to());
    return Shares.of(target.from(), target.to(), ofPart).with(part);
  }

  private RolloutState gated(RolloutState state) {
    Optional<Warm> warm =
        state.warm().filter(it -> it.version().equals(target.to()) && it.until().isAfter(now));
    boolean isMet =
        warm.isPresent()
            ? facts.of(target.to()).ready() >= terms.gate().minReady()
            : terms.gate().isMetBy(facts.of(target.to())) && facts.of(target.to()).ready() > 0;
    if (state.pause().isPresent()) {
      return state;
    }
    Instant stableSince = state.stableSince().orElse(now);
    Optional<SortedSet<String>> confirmed = confirmed(state);
    Duration stableFor = warm.isPresent() ? Duration.ZERO : terms.gate().stableFor();
    boolean isStable = !stableSince.plus(stableFor).isAfter(now);
    if (isMet && isStable && (warm.isPresent() || confirmed.isPresent())) {
      return flipped(state);
    }
    if (!state.since().plus(terms.gate().timeout()).isAfter(now)) {
      return state.in(Phase.GIVEN_UP, now, "no traffic moved: " + unmet(isMet, isStable));
    }
    return state
        .stable(isMet ? Optional.of(stableSince) : Optional.empty())
        .saying(unmet(isMet, isStable));
  }

  private String unmet(boolean isMet, boolean isStable) {
    Readiness instances = facts.of(target.to());
    if (!isMet) {
      return "the gate is not met: %d of %d instances of %s are ready, it takes %d and %s %%"
          .formatted(
              instances.ready(),
              instances.total(),
              target.to(),
              terms.gate().minReady(),
              terms.gate().minReadyPercent());
    }
    return isStable
        ? waiting("what it begins with")
        : "the gate is met, and is to stay so for " + terms.gate().stableFor().toSeconds() + "s";
  }

  private RolloutState shifting(RolloutState state) {
    Optional<String> refusal = refusal();
    if (refusal.isPresent()) {
      return failed(state, refusal.get());
    }
    if (state.reached() > 0 && isDead(target.to())) {
      return failed(state, dead(target.to()));
    }
    return confirmed(state)
        .map(silent -> arrived(state).without(silent))
        .orElseGet(() -> state.saying(waiting(state.shares().toString())));
  }

  /** The way back is open from here on, also while proxies are acknowledging. */
  private RolloutState flipped(RolloutState state) {
    return keepingWarm(moved(state, Shares.of(target.from(), target.to(), Shares.WHOLE)));
  }

  private RolloutState keepingWarm(RolloutState state) {
    return state.warm(Optional.of(new Warm(target.from(), now.plus(terms.keepStandby()))));
  }

  /** Every proxy has the shares. */
  private RolloutState arrived(RolloutState state) {
    return target.kind() == Target.Kind.CANARY
        ? state.in(Phase.HOLDING, now, "")
        : keepingWarm(state).in(Phase.KEEPING, now, target.from() + " is kept at hand");
  }

  private RolloutState holding(RolloutState state) {
    if (state.reached() > 0 && isDead(target.to())) {
      return failed(state, dead(target.to()));
    }
    Step step = terms.at(state.shares());
    boolean isPaused = state.pause().isPresent();
    boolean isOver = !isPaused && !state.since().plus(step.hold()).isAfter(now);
    return switch (facts.measured()) {
      case Measured.Failed(String words) -> failed(state, words); // A pause does not keep it here.
      case Measured.Inconclusive(String words) ->
          isPaused ? state : state.paused(Optional.of(new Pause(now, words))).saying(words);
      case Measured.Pending(String words) -> isOver ? state.saying(words) : state;
      case Measured.Nothing _, Measured.Good _ -> isOver ? over(state, step) : state;
    };
  }

  private RolloutState approving(RolloutState state) {
    if (isDead(target.to())) {
      return failed(state, dead(target.to()));
    }
    return facts.measured() instanceof Measured.Failed(String words) ? failed(state, words) : state;
  }

  private RolloutState over(RolloutState state, Step step) {
    return step.approve() == Canary.Approve.MANUAL
        ? state.in(Phase.APPROVING, now, "waits for 'sluice rollout promote'")
        : further(state);
  }

  private RolloutState further(RolloutState state) {
    return state.reached() == Shares.WHOLE ? complete(state) : state.in(Phase.READYING, now, "");
  }

  private RolloutState keeping(RolloutState state) {
    if (isDead(target.to()) && !isDead(target.from())) {
      return failed(state, dead(target.to()));
    }
    boolean isOver = state.warm().stream().noneMatch(warm -> warm.until().isAfter(now));
    return isOver ? complete(state) : state;
  }

  private RolloutState reverting(RolloutState state) {
    return confirmed(state)
        .map(silent -> state.in(Phase.REVERTED, now, state.words()).without(silent))
        .orElse(state);
  }

  private RolloutState complete(RolloutState state) {
    return state
        .warm(Optional.empty())
        .paused(Optional.empty())
        .in(Phase.COMPLETE, now, target.to() + " has all of the traffic");
  }

  private RolloutState failed(RolloutState state, String why) {
    if (target.kind() == Target.Kind.CANARY && terms.onFailure() == Canary.OnFailure.PAUSE) {
      return state.pause().isPresent()
          ? state
          : state.paused(Optional.of(new Pause(now, why))).saying(why);
    }
    return back(state, why);
  }

  /** All of the traffic goes back, if there is anybody whom it may go to. */
  private RolloutState back(RolloutState state, String why) {
    Shares before = Shares.of(target.from(), target.to(), 0);
    return facts.canCarry(state.shares(), before)
        ? state.moved(before, Phase.REVERTING, now, why).warm(Optional.empty())
        : state.saying(
            why + "; it cannot go back, for " + target.from() + " has no ready instance");
  }

  private RolloutState moved(RolloutState state, Shares to) {
    return state.moved(to, Phase.SHIFTING, now, "");
  }

  /**
   * The proxies that are excepted, if all others have what is in force; empty while they have not.
   */
  private Optional<SortedSet<String>> confirmed(RolloutState state) {
    return facts
        .confirmation()
        .filter(it -> it.isComplete() || isExcepted(it, state))
        .map(Confirmation::pending);
  }

  private boolean isExcepted(Confirmation confirmation, RolloutState state) {
    return terms.onSilent() == Rollout.OnSilent.EXCEPT
        && confirmation.refused().isEmpty()
        && !state.since().plus(terms.silentAfter()).isAfter(now);
  }

  private Optional<String> refusal() {
    return facts
        .confirmation()
        .filter(it -> !it.refused().isEmpty())
        .map(
            it -> it.refused().firstKey() + " refused it: " + it.refused().firstEntry().getValue());
  }

  private String waiting(String what) {
    return facts
        .confirmation()
        .map(it -> "%s is acknowledged by %s proxies".formatted(what, it))
        .orElse("it is not known yet what all proxies have; see the log");
  }

  private boolean isDead(String version) {
    return facts.of(version).ready() == 0;
  }

  private static String dead(String version) {
    return version + " has no ready instance";
  }

  // What people ask for.

  static Asked asked(Verb verb, Rollout section, RolloutState state, Facts facts, String by) {
    return new Rolling(Terms.of(section), facts).asked(verb, state, by);
  }

  private Asked asked(Verb verb, RolloutState state, String by) {
    if (!state.target().equals(target)) {
      return new Asked.Refused("its section has just been edited; try again");
    }
    return switch (verb) {
      case PROMOTE -> promoted(state);
      case PAUSE ->
          state.phase().isEnd()
              ? nothingTo("pause", state)
              : new Asked.Done(state.paused(Optional.of(new Pause(now, "paused by " + by))));
      case RESUME -> resumed(state);
      case ABORT -> aborted(state, "aborted by " + by);
    };
  }

  private Asked promoted(RolloutState state) {
    RolloutState unpaused = state.paused(Optional.empty());
    return switch (state.phase()) {
      case HOLDING, APPROVING -> new Asked.Done(further(unpaused));
      case READYING ->
          target.kind() == Target.Kind.CANARY
              ? new Asked.Refused(
                  state.words().isEmpty() ? "it is going on already" : state.words())
              : isDead(target.to())
                  ? new Asked.Refused(dead(target.to()))
                  : new Asked.Done(flipped(unpaused));
      case SHIFTING, REVERTING ->
          new Asked.Refused("proxies are acknowledging " + state.shares() + "; try again then");
      case KEEPING -> new Asked.Done(complete(state));
      case COMPLETE, REVERTED, GIVEN_UP, BLOCKED -> nothingTo("promote", state);
    };
  }

  private Asked resumed(RolloutState state) {
    if (state.pause().isPresent()) {
      return new Asked.Done(state.paused(Optional.empty()).saying(""));
    }
    return switch (state.phase()) {
      case REVERTED, GIVEN_UP ->
          new Asked.Done(begun(terms, RolloutState.beginning(target, state.shares(), now)));
      default -> new Asked.Refused("it is not paused: it is " + state.phase());
    };
  }

  private Asked aborted(RolloutState state, String why) {
    if (state.phase().isEnd() || state.phase() == Phase.REVERTING) {
      return nothingTo("abort", state);
    }
    if (state.reached() == 0) {
      return new Asked.Done(state.paused(Optional.empty()).in(Phase.REVERTED, now, why));
    }
    RolloutState back = back(state, why);
    return back.phase() == Phase.REVERTING ? new Asked.Done(back) : new Asked.Refused(back.words());
  }

  private static Asked nothingTo(String what, RolloutState state) {
    return new Asked.Refused("there is nothing to " + what + ": it is " + state.phase());
  }
}
