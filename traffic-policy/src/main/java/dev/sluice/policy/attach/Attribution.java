package dev.sluice.policy.attach;

import dev.sluice.problem.Location;
import dev.sluice.spec.DocumentKey;
import java.util.Objects;

/**
 * A document that has a say in something.
 *
 * @param document which one
 * @param location where it was read
 */
public record Attribution(DocumentKey document, Location location) {
  public Attribution {
    Objects.requireNonNull(document);
    Objects.requireNonNull(location);
  }

  /** {@code Kind namespace/name (file:line:column)}. */
  @Override
  public String toString() {
    return document + " (" + location + ")";
  }
}
