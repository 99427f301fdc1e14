package dev.sluice.translate.check;

import java.util.Objects;

/**
 * A value that Envoy would refuse.
 *
 * @param path the field within the message, such as {@code health_checks[0].timeout}
 * @param rule what it breaks: {@code must be > 0s, is 0s}
 */
public record Violation(String path, String rule) {
  public Violation {
    Objects.requireNonNull(path);
    Objects.requireNonNull(rule);
  }

  Violation under(String prefix) {
    return new Violation(path.isEmpty() ? prefix : prefix + "." + path, rule);
  }

  @Override
  public String toString() {
    return path + " " + rule;
  }
}
