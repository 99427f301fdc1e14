package dev.sluice.spec;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code spec.retry}: when a request is tried again.
 *
 * @param attempts further tries, 0 to 10; null for 2; 0 for none
 * @param perTryTimeout how long one try may take; null for no limit of its own; shorter than {@code
 *     timeouts.request}
 * @param retryOn the conditions; empty for connect-failure, refused-stream and
 *     reset-before-request, and with grpc also unavailable
 * @param backoff the wait between tries; null for the defaults
 * @param avoidPreviousHosts whether a further try goes to another instance; null for true
 */
@Planned("hedge")
public record Retry(
    @Nullable Integer attempts,
    @Nullable Duration perTryTimeout,
    List<RetryOn> retryOn,
    @Nullable Backoff backoff,
    @Nullable Boolean avoidPreviousHosts) {
  public Retry {
    retryOn = List.copyOf(retryOn);
  }

  /**
   * {@code spec.retry.backoff}.
   *
   * @param base null for 25ms; at least 1ms
   * @param max null for ten times the base; at least the base
   */
  public record Backoff(@Nullable Duration base, @Nullable Duration max) {}
}
