package dev.sluice.server.rollout;

import dev.sluice.server.rollout.RolloutState.Pause;
import dev.sluice.server.rollout.RolloutState.Warm;
import dev.sluice.spec.Canary;
import dev.sluice.spec.Rollout;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedSet;
import java.util.function.UnaryOperator;

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

  /** Where the new version has a share and nobody is left to serve it. */
  Optional<RolloutState> deserted(RolloutState state) {
    return state.reached() > 0 && isDead(target().to())
        ? Optional.of(failed(state, dead(target().to())))
        : Optional.empty();
  }

  /** That state once every proxy has the shares, and until then who is waited for. */
  RolloutState acknowledged(RolloutState state, UnaryOperator<RolloutState> arrived) {
    return confirmed(state)
        .map(silent -> arrived.apply(state).without(silent))
        .orElseGet(() -> state.saying(waiting(state.shares().toString())));
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
   * silent. Where nothing is tried a refusal is a delay like others: who refuses it, or is not
   * given it, keeps what it had, however long it is waited for.
   */
  private boolean isExcepted(Confirmation confirmation, RolloutState state) {
    boolean isBack = state.phase() == Phase.REVERTING || isSettling(state);
    boolean isRefusedOnly =
        isBack && confirmation.held().keySet().containsAll(confirmation.pending());
    return (isRefusedOnly
            || (terms.onSilent() == Rollout.OnSilent.EXCEPT && confirmation.acknowledged() > 0))
        && (isAwaitedOnly(confirmation) || isBack)
        && isLongAgo(facts.behindSince())
        && (state.phase() == Phase.READYING
            || state.excepted().containsAll(confirmation.behind())
            || isLongAgo(state.since()));
  }

  /** Whether some have its shares, and the others have said nothing to them for long. */
  boolean isSilenceOnly(RolloutState state) {
    return facts.confirmation().stream().anyMatch(it -> isAwaitedOnly(it) && it.acknowledged() > 0)
        && isLongAgo(facts.behindSince())
        && isLongAgo(state.since());
  }

  /** Whether a proxy that has been behind since then counts as silent. */
  private boolean isLongAgo(Instant since) {
    return !since.isAfter(now().minus(terms.silentAfter()));
  }

  /** Whether an edit had it come to all of its traffic, so that there is nothing to be tried. */
  static boolean isSettling(RolloutState state) {
    return state.phase() == Phase.READYING && state.reached() == Shares.WHOLE;
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
        .or(
            () ->
                Optional.of(confirmation.names())
                    .filter(it -> !it.isEmpty())
                    .map(it -> "not by " + it))
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
