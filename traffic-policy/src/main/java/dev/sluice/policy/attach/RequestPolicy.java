package dev.sluice.policy.attach;

import java.util.Objects;
import java.util.Optional;

/**
 * How requests are treated on their way, every default filled in: what a route may say otherwise
 * than its service.
 *
 * @param retry when a request is tried again
 * @param timeouts how long a request may take
 * @param mirror who gets copies of requests; empty for nobody
 */
public record RequestPolicy(
    RetryPolicy retry, TimeoutPolicy timeouts, Optional<MirrorPolicy> mirror) {
  public RequestPolicy {
    Objects.requireNonNull(retry);
    Objects.requireNonNull(timeouts);
    Objects.requireNonNull(mirror);
  }
}
