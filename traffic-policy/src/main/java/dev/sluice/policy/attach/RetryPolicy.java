package dev.sluice.policy.attach;

import dev.sluice.spec.RetryOn;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * {@link dev.sluice.spec.Retry}, every default filled in.
 *
 * @param attempts further tries, 0 to 10; 0 for none
 * @param perTryTimeout how long one try may take; empty for no limit of its own
 * @param retryOn the conditions, sorted
 * @param backoffBase at least 1ms
 * @param backoffMax at least the base
 * @param avoidPreviousHosts whether a further try goes to another instance
 * @param hedgeAfter when the next try starts beside one that goes on; empty for never
 */
public record RetryPolicy(
    int attempts,
    Optional<Duration> perTryTimeout,
    List<RetryOn> retryOn,
    Duration backoffBase,
    Duration backoffMax,
    boolean avoidPreviousHosts,
    Optional<Duration> hedgeAfter) {
  public RetryPolicy {
    Objects.requireNonNull(perTryTimeout);
    retryOn = retryOn.stream().sorted().toList();
    Objects.requireNonNull(backoffBase);
    Objects.requireNonNull(backoffMax);
    Objects.requireNonNull(hedgeAfter);
  }
}
