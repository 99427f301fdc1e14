package dev.sluice.policy.attach;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * {@link dev.sluice.spec.Timeouts}, every default filled in.
 *
 * @param request the whole request with its retries; zero for no limit
 * @param idle without a byte in either direction; empty for the listener's
 * @param maxStream the whole life of a stream; empty for no limit
 */
public record TimeoutPolicy(
    Duration request, Optional<Duration> idle, Optional<Duration> maxStream) {
  public TimeoutPolicy {
    Objects.requireNonNull(request);
    Objects.requireNonNull(idle);
    Objects.requireNonNull(maxStream);
  }
}
