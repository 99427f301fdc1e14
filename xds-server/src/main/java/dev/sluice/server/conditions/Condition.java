package dev.sluice.server.conditions;

import java.util.Objects;

/**
 * One condition of a status (Kubernetes' metav1.Condition).
 *
 * @param type such as {@code Accepted}
 * @param holds whether it does
 * @param reason one word for programs
 * @param message for people
 */
public record Condition(String type, Holds holds, String reason, String message) {
  public Condition {
    Objects.requireNonNull(type);
    Objects.requireNonNull(holds);
    Objects.requireNonNull(reason);
    Objects.requireNonNull(message);
  }

  /** Whether a condition holds. */
  public enum Holds {
    TRUE("True"),
    FALSE("False"),
    UNKNOWN("Unknown");

    private final String text;

    Holds(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
