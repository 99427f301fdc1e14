package dev.sluice.spec;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code fault}: failures made on purpose ({@code
 * envoy.extensions.filters.http.fault.v3.HTTPFault}).
 *
 * @param delay requests that are held back; null for none
 * @param abort requests that the proxy answers with an error; null for none
 */
public record Fault(@Nullable Delay delay, @Nullable Abort abort) {
  /**
   * {@code fault.delay}.
   *
   * @param time how long, above 0s
   * @param percent of the requests; null for 100, 0 for none
   */
  public record Delay(@Key("for") @Nullable Duration time, @Nullable Percent percent) {}

  /**
   * {@code fault.abort}: one of the statuses is given.
   *
   * @param httpStatus 200 to 599
   * @param grpcStatus 1 to 16
   * @param percent of the requests; null for 100, 0 for none
   */
  public record Abort(
      @Nullable Integer httpStatus, @Nullable Integer grpcStatus, @Nullable Percent percent) {}
}
