package dev.sluice.server.rollout;

import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Rollout;
import java.util.Objects;

/**
 * How a rollout stands, with what it looks at.
 *
 * @param policy whose it is
 * @param place where that is written
 * @param section what it says
 * @param state how far it is
 * @param facts what it saw
 */
public record Standing(
    DocumentKey policy, String place, Rollout section, RolloutState state, Facts facts) {
  public Standing {
    Objects.requireNonNull(policy);
    Objects.requireNonNull(place);
    Objects.requireNonNull(section);
    Objects.requireNonNull(state);
    Objects.requireNonNull(facts);
  }
}
