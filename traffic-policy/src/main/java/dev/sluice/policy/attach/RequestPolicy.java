package dev.sluice.policy.attach;

import java.util.Objects;

/**
 * How requests are treated on their way, every default filled in: what a route may say otherwise
 * than its service.
 *
 * @param retry when a request is tried again
 * @param timeouts how long a request may take
 */
public record RequestPolicy(RetryPolicy retry, TimeoutPolicy timeouts) {
  public RequestPolicy {
    Objects.requireNonNull(retry);
    Objects.requireNonNull(timeouts);
  }
}
