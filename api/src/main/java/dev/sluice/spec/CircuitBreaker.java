package dev.sluice.spec;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code spec.circuitBreaker}: limits of one Cluster in one proxy, so a fleet's limit is as many
 * times that as there are proxies.
 *
 * @param maxRequests requests under way; null for 1024
 * @param maxPending requests that wait for a connection; null for 1024
 * @param maxRetries retries under way; null for the retry budget; excludes {@code retryBudget}
 * @param retryBudget retries under way as a share of the requests; null for the defaults
 * @param outlier ejection of instances that answer with errors; null for the defaults
 */
@Exclusive({"maxRetries", "retryBudget"})
public record CircuitBreaker(
    @Nullable Integer maxRequests,
    @Nullable Integer maxPending,
    @Nullable Integer maxRetries,
    @Nullable RetryBudget retryBudget,
    @Nullable Outlier outlier) {
  /**
   * {@code spec.circuitBreaker.retryBudget} ({@code
   * envoy.config.cluster.v3.CircuitBreakers.Thresholds.RetryBudget}).
   *
   * @param percent retries per hundred requests that are under way or wait; null for 20
   * @param minConcurrent retries that are let through however few requests there are, at least 0;
   *     null for 10
   */
  public record RetryBudget(@Nullable Percent percent, @Nullable Integer minConcurrent) {}

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
