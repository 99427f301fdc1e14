package dev.sluice.server.rollout;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * How many rollouts there are, as of the last look.
 *
 * @param byPhase of each phase how many are in it; none of those without
 * @param paused how many of all are paused
 */
public record Tallied(Map<Phase, Integer> byPhase, int paused) {
  static final Tallied NONE = new Tallied(new EnumMap<>(Phase.class), 0);

  public Tallied {
    byPhase = Collections.unmodifiableMap(new EnumMap<>(byPhase));
  }

  static Tallied of(Collection<RolloutState> states) {
    Map<Phase, Integer> byPhase = new EnumMap<>(Phase.class);
    states.forEach(state -> byPhase.merge(state.phase(), 1, Integer::sum));
    return new Tallied(
        byPhase, (int) states.stream().filter(state -> state.pause().isPresent()).count());
  }
}
