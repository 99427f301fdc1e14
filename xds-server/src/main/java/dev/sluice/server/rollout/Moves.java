package dev.sluice.server.rollout;

import dev.sluice.server.rollout.RolloutState.Pause;
import dev.sluice.server.rollout.RolloutState.Warm;
import dev.sluice.spec.Canary;
import dev.sluice.spec.Rollout;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;

/**
 * The moves that both kinds of rollouts make, and what has to be true before them.
 *
 * @param terms what the section says
 * @param facts all that is looked at
 */
record Moves(Terms terms, Facts facts) {
  Target target() {
    return terms.target();
  }

  Instant now() {
    return facts.now();
  }

  /** The way back is open from here on, also while proxies are acknowledging. */
  RolloutState flipped(RolloutState state) {
    return keepingWarm(moved(state, Shares.of(target().from(), target().to(), Shares.WHOLE)));
  }

  RolloutState keepingWarm(RolloutState state) {
    return state.warm(Optional.of(new Warm(target().from(), now().plus(terms.keepStandby()))));
  }

  RolloutState further(RolloutState state) {
    return state.reached() == Shares.WHOLE ? complete(state) : state.in(Phase.READYING, now(), "");
  }

  RolloutState complete(RolloutState state) {
    return state
        .warm(Optional.empty())
        .paused(Optional.empty())
        .in(Phase.COMPLETE, now(), target().to() + " has all of the traffic");
  }

  RolloutState failed(RolloutState state, String why) {
    if (target().kind() == Target.Kind.CANARY && terms.onFailure() == Canary.OnFailure.PAUSE) {
      return state.pause().isPresent()
          ? state
          : state.paused(Optional.of(new Pause(now(), why))).saying(why);
    }
    return back(state, why);
  }

  /** All of the traffic goes back, if there is anybody whom it may go to. */
  RolloutState back(RolloutState state, String why) {
    Shares before = Shares.of(target().from(), target().to(), 0);
    return facts.canCarry(state.shares(), before)
        ? state.moved(before, Phase.REVERTING, now(), why).warm(Optional.empty())
        : state.saying(
            why + "; it cannot go back, for " + target().from() + " has no ready instance");
  }

  RolloutState moved(RolloutState state, Shares to) {
    return state.moved(to, Phase.SHIFTING, now(), "");
  }

  /**
   * The proxies that are excepted, if all others have what is in force; empty while they have not.
   */
  Optional<SortedSet<String>> confirmed(RolloutState state) {
    return facts
        .confirmation()
        .filter(it -> it.isComplete() || isExcepted(it, state))
        .map(Confirmation::behind);
  }

  /**
   * Proxies that are late for a moment are waited for, however long something else was; those that
   * a change was made without are not waited for again. Where none at all has what is in force, it
   * is not known to be of any use; and who is not given it because it goes no further is not
   * silent. On the way back a refusal is a delay like others.
   */
  private boolean isExcepted(Confirmation confirmation, RolloutState state) {
    Instant silent = now().minus(terms.silentAfter());
    return terms.onSilent() == Rollout.OnSilent.EXCEPT
        && confirmation.acknowledged() > 0
        && (isAwaitedOnly(confirmation) || state.phase() == Phase.REVERTING)
        && !facts.behindSince().isAfter(silent)
        && (state.phase() == Phase.READYING
            || state.excepted().containsAll(confirmation.behind())
            || !state.since().isAfter(silent));
  }

  private static boolean isAwaitedOnly(Confirmation confirmation) {
    return confirmation.refused().isEmpty() && confirmation.held().isEmpty();
  }

  Optional<String> refusal() {
    return facts
        .confirmation()
        .filter(it -> !it.refused().isEmpty())
        .map(
            it -> it.refused().firstKey() + " refused it: " + it.refused().firstEntry().getValue());
  }

  String waiting(String what) {
    return facts
        .confirmation()
        .map(it -> "%s is acknowledged by %s proxies%s".formatted(what, it, why(it)))
        .orElse("it is not known yet what all proxies have; see the log");
  }

  private String why(Confirmation confirmation) {
    return refusal()
        .or(
            () ->
                confirmation.held().entrySet().stream()
                    .findFirst()
                    .map(it -> it.getKey() + " is not given it: " + it.getValue()))
        .map(words -> "; " + words)
        .orElse("");
  }

  boolean isDead(String version) {
    return facts.of(version).ready() == 0;
  }

  static String dead(String version) {
    return version + " has no ready instance";
  }
}
