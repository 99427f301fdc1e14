package dev.sluice.spec;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code spec.circuitBreaker}: limits of one Cluster in one proxy, so a fleet's limit is as many
 * times that as there are proxies.
 *
 * @param maxRequests requests under way; null for 1024
 * @param maxPending requests that wait for a connection; null for 1024
 * @param maxRetries retries under way; null for a retry budget of 20 %, at least 10
 * @param outlier ejection of instances that answer with errors; null for the defaults
 */
@Planned("retryBudget")
public record CircuitBreaker(
    @Nullable Integer maxRequests,
    @Nullable Integer maxPending,
    @Nullable Integer maxRetries,
    @Nullable Outlier outlier) {
  /**
   * {@code spec.circuitBreaker.outlier} ({@code envoy.config.cluster.v3.OutlierDetection}).
   *
   * @param consecutiveErrors 5xx in a row that eject an instance; null for 5, 0 for never
   * @param gatewayErrors 502, 503, 504 in a row; null for not counted by themselves; below {@code
   *     consecutiveErrors}
   * @param localErrors connection failures in a row, counted apart from answers; null for not apart
   * @param interval between sweeps that return instances; null for 10s
   * @param ejectFor for how long, times the number of ejections so far; null for 30s
   * @param maxEjectFor at most; null for 300s
   * @param maxEjectPercent of the instances at a time, one being always allowed; null for 50
   * @param failurePercent ejection by the share of failures; null for off
   */
  public record Outlier(
      @Nullable Integer consecutiveErrors,
      @Nullable Integer gatewayErrors,
      @Nullable Integer localErrors,
      @Nullable Duration interval,
      @Nullable Duration ejectFor,
      @Nullable Duration maxEjectFor,
      @Nullable Integer maxEjectPercent,
      @Nullable FailurePercent failurePercent) {}

  /**
   * {@code spec.circuitBreaker.outlier.failurePercent}.
   *
   * @param threshold failures per hundred requests that eject, 1 to 100; null for 85
   * @param minHosts instances with enough requests that it takes; null for 5
   * @param minRequests requests within an interval that it takes; null for 50
   */
  public record FailurePercent(
      @Nullable Integer threshold, @Nullable Integer minHosts, @Nullable Integer minRequests) {}
}
