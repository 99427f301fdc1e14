package dev.sluice.server.rollout;

import dev.sluice.spec.BlueGreen;
import dev.sluice.spec.Canary;
import dev.sluice.spec.Rollout;
import java.util.Objects;
import java.util.Optional;

/**
 * What a rollout is to come to: while it stays the same, an edited section is the same rollout.
 *
 * @param kind which of the two
 * @param from the version that has the traffic before
 * @param to the version that is to have it
 */
public record Target(Kind kind, String from, String to) {
  /** The two kinds of rollouts. */
  public enum Kind {
    CANARY,
    BLUE_GREEN
  }

  public Target {
    Objects.requireNonNull(kind);
    Objects.requireNonNull(from);
    Objects.requireNonNull(to);
  }

  /** That of a section. */
  public static Target of(Rollout rollout) {
    Canary canary = rollout.canary();
    return canary != null
        ? new Target(Kind.CANARY, canary.from(), canary.to())
        : Optional.ofNullable(rollout.blueGreen())
            .map(Target::of)
            .orElseThrow(() -> new IllegalArgumentException("a rollout of neither kind"));
  }

  private static Target of(BlueGreen blueGreen) {
    return new Target(Kind.BLUE_GREEN, blueGreen.standby(), blueGreen.active());
  }

  /** The one of the two that {@code version} is not. */
  String other(String version) {
    return version.equals(to) ? from : to;
  }

  @Override
  public String toString() {
    return from + " to " + to;
  }
}
