package dev.sluice.server.rollout;

import dev.sluice.spec.InstanceShare;
import java.util.Objects;

/**
 * Some instances of a version, which alone take part.
 *
 * @param version whose they are
 * @param step the step that says so, as written
 * @param count how many, at least 1: of a percentage those of the moment when the step began
 */
public record Part(String version, InstanceShare step, int count) {
  public Part {
    Objects.requireNonNull(version);
    Objects.requireNonNull(step);
    if (count < 1) {
      throw new IllegalArgumentException("a part of " + count + " instances");
    }
  }
}
