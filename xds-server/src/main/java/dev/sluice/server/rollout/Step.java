package dev.sluice.server.rollout;

import dev.sluice.spec.Canary;
import java.time.Duration;
import java.util.Objects;

/**
 * A step of a canary.
 *
 * @param share of the new version, in millionths
 * @param hold how long it lasts once every proxy has it
 * @param approve who lets it go on
 */
public record Step(int share, Duration hold, Canary.Approve approve) {
  public Step {
    Objects.requireNonNull(hold);
    Objects.requireNonNull(approve);
  }

  /** Where no step says otherwise. */
  static Step of(int share) {
    return new Step(share, Duration.ZERO, Canary.Approve.AUTO);
  }
}
