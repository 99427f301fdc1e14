package dev.sluice.spec;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
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
 * @param hedge a further try while the former goes on; null for none; excludes perTryTimeout
 */
public record Retry(
    @Nullable Integer attempts,
    @Nullable Duration perTryTimeout,
    List<RetryOn> retryOn,
    @Nullable Backoff backoff,
    @Nullable Boolean avoidPreviousHosts,
    @Nullable Hedge hedge) {
  public Retry {
    retryOn = List.copyOf(retryOn);
  }

  /**
   * {@code spec.retry.hedge} ({@code envoy.config.route.v3.HedgePolicy}).
   *
   * @param after how long a try may take before the next one starts beside it; shorter than {@code
   *     timeouts.request}
   */
  public record Hedge(@Required Duration after) {
    public Hedge {
      Objects.requireNonNull(after);
    }
  }

  /**
   * {@code spec.retry.backoff}.
   *
   * @param base null for 25ms; at least 1ms
   * @param max null for ten times the base; at least the base
   */
  public record Backoff(@Nullable Duration base, @Nullable Duration max) {}
}
