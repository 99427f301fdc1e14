package dev.sluice.policy.attach;

import java.time.Duration;
import java.util.Objects;

/**
 * {@link dev.sluice.spec.RateLimit.Local}, every default filled in.
 *
 * @param route the route whose requests are counted apart; empty for the service's
 * @param requests at least 1
 * @param per at least 50ms
 * @param burst at least 1
 */
public record LocalLimitPolicy(String route, int requests, Duration per, int burst) {
  public LocalLimitPolicy {
    Objects.requireNonNull(route);
    Objects.requireNonNull(per);
  }
}
