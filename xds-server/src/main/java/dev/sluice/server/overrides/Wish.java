package dev.sluice.server.overrides;

import dev.sluice.spec.InstanceOverride.State;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What is to become of an instance.
 *
 * @param state empty where only its weight changes
 * @param weight its share among its peers; empty for its own
 * @param expiresIn after which it comes back by itself; empty for never
 * @param reason why, for people to read
 * @param by who asks, as they say themselves
 */
public record Wish(
    Optional<State> state,
    OptionalInt weight,
    Optional<Duration> expiresIn,
    Optional<String> reason,
    Optional<String> by) {
  /** It finishes what it has and gets nothing new, until somebody restores it. */
  public static final Wish DRAIN =
      new Wish(
          Optional.of(State.DRAIN),
          OptionalInt.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());

  /** Whether it gets nothing new. */
  boolean takesAway() {
    return state.filter(wanted -> wanted != State.IN).isPresent();
  }
}
