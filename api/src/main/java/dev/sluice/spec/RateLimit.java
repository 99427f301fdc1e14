package dev.sluice.spec;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code rateLimit}: how many requests are let through.
 *
 * @param local counted by each proxy for itself; null for no limit
 */
@Planned("global")
public record RateLimit(@Nullable Local local) {
  /**
   * {@code rateLimit.local} ({@code
   * envoy.extensions.filters.http.local_ratelimit.v3.LocalRateLimit}).
   *
   * @param requests at least 1
   * @param per the time in which there may be as many, at least 50ms
   * @param burst how many at once after a quiet time, at least 1; null for {@code requests}
   * @param side whose proxy counts; null for {@code outbound}
   */
  public record Local(
      @Nullable Integer requests,
      @Nullable Duration per,
      @Nullable Integer burst,
      @Nullable Side side) {}

  /** Whose proxy counts. */
  public enum Side {
    /** The caller's, or the gateway. */
    OUTBOUND,
    /** That beside the called instance. */
    INBOUND
  }
}
