package dev.sluice.server.rollout;

import java.time.Instant;

/** Where a rollout begins: at what is served, never further than that. */
final class Beginning {
  private Beginning() {}

  /** One of which nothing is known: a canary at its old version, a flip that is done. */
  static RolloutState first(Target target, Facts facts) {
    boolean isFlip = target.kind() == Target.Kind.BLUE_GREEN;
    String wanted = isFlip ? target.to() : target.from();
    String other = isFlip ? target.from() : target.to();
    boolean isOther = facts.of(wanted).ready() == 0 && facts.of(other).ready() > 0;
    String serving = isOther ? other : wanted;
    Shares shares =
        Shares.of(target.from(), target.to(), serving.equals(target.to()) ? Shares.WHOLE : 0);
    RolloutState state = RolloutState.beginning(target, shares, facts.now());
    return serving.equals(target.to())
        ? state.in(Phase.COMPLETE, facts.now(), serving + " has all of the traffic")
        : state;
  }

  /** One whose section was edited: it goes on from the shares that are in force. */
  static RolloutState edited(Target target, RolloutState before, Facts facts) {
    Shares served = before.shares();
    Instant now = facts.now();
    RolloutState state = RolloutState.beginning(target, served, now).warm(before.warm());
    if (served.isWholly(target.to())) {
      boolean isConfirmed = before.phase().isEnd() && before.phase() != Phase.BLOCKED;
      return isConfirmed
          ? state.in(Phase.COMPLETE, now, target.to() + " has all of the traffic")
          : state;
    }
    if (target.kind() == Target.Kind.BLUE_GREEN
        || served.of(target.from()) + served.of(target.to()) == Shares.WHOLE) {
      return state;
    }
    Shares backToFrom = Shares.of(target.from(), target.to(), served.of(target.to()));
    boolean isLargest = served.largest().equals(target.from());
    boolean isGone = !facts.versions().containsKey(served.largest());
    if ((isLargest || isGone) && facts.canCarry(served, backToFrom)) {
      return state.moved(
          backToFrom, Phase.SHIFTING, now, "what other versions had goes to " + target.from());
    }
    return state.in(
        Phase.BLOCKED,
        now,
        "%s has most of the traffic (%s), so it cannot go from %s to %s; name it as from, or write a split"
            .formatted(served.largest(), served, target.from(), target.to()));
  }
}
