package dev.sluice.server.rollout;

import dev.sluice.spec.Canary;
import java.time.Duration;
import java.util.Objects;

/**
 * A step of a canary.
 *
 * @param size how far it goes
 * @param hold how long it lasts once every proxy has it
 * @param approve who lets it go on
 */
public record Step(Size size, Duration hold, Canary.Approve approve) {
  public Step {
    Objects.requireNonNull(size);
    Objects.requireNonNull(hold);
    Objects.requireNonNull(approve);
  }

  /** Where no step says otherwise. */
  static Step of(Size size) {
    return new Step(size, Duration.ZERO, Canary.Approve.AUTO);
  }
}
