package dev.sluice.policy.attach;

import dev.sluice.spec.Factor;
import dev.sluice.spec.LoadBalancer;
import dev.sluice.spec.Percent;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How the instances of one Cluster are called, every default filled in.
 *
 * @param loadBalancer how an instance is picked
 * @param connectionPool connections to the instances
 * @param circuitBreaker limits of one proxy
 * @param outlier ejection of instances that answer with errors
 * @param health which instances may be called
 * @param locality which are preferred by where they run
 */
public record ClusterPolicy(
    LoadBalancerPolicy loadBalancer,
    ConnectionPoolPolicy connectionPool,
    CircuitBreakerPolicy circuitBreaker,
    OutlierPolicy outlier,
    HealthPolicy health,
    LocalityPolicy locality) {
  public ClusterPolicy {
    Objects.requireNonNull(loadBalancer);
    Objects.requireNonNull(connectionPool);
    Objects.requireNonNull(circuitBreaker);
    Objects.requireNonNull(outlier);
    Objects.requireNonNull(health);
    Objects.requireNonNull(locality);
  }

  /**
   * {@link LoadBalancer}, resolved.
   *
   * @param type how an instance is picked
   * @param choices 2 to 100; of meaning to LeastRequest only
   * @param table a prime; of meaning to ConsistentHash only
   * @param slowStart how a new instance is brought into traffic; empty for at once, and where the
   *     type knows no such thing
   */
  public record LoadBalancerPolicy(
      LoadBalancer.Type type, int choices, int table, Optional<SlowStartPolicy> slowStart) {
    public LoadBalancerPolicy {
      Objects.requireNonNull(type);
      Objects.requireNonNull(slowStart);
    }
  }

  /**
   * {@link LoadBalancer.SlowStart}, resolved.
   *
   * @param window positive
   * @param aggression how the weight grows
   * @param minWeightPercent least weight
   */
  public record SlowStartPolicy(Duration window, Factor aggression, Percent minWeightPercent) {
    public SlowStartPolicy {
      Objects.requireNonNull(window);
      Objects.requireNonNull(aggression);
      Objects.requireNonNull(minWeightPercent);
    }
  }

  /**
   * {@link dev.sluice.spec.ConnectionPool}, resolved.
   *
   * @param connectTimeout positive
   * @param maxConnections at least 1
   * @param maxConnectionsPerEndpoint at least 1; empty for no limit of its own
   * @param maxRequestsPerEndpoint at least 1; empty for no limit of its own
   * @param maxRequestsPerConnection 0 for no limit
   * @param idleTimeout 0 for never
   * @param keepalive TCP keepalive, where wanted
   * @param bufferLimit bytes, 1 to 2^32-1
   */
  public record ConnectionPoolPolicy(
      Duration connectTimeout,
      int maxConnections,
      OptionalInt maxConnectionsPerEndpoint,
      OptionalInt maxRequestsPerEndpoint,
      int maxRequestsPerConnection,
      Duration idleTimeout,
      Optional<KeepalivePolicy> keepalive,
      long bufferLimit) {}

  /**
   * {@link dev.sluice.spec.ConnectionPool.Keepalive}; what is empty is left to the operating
   * system.
   *
   * @param timeSeconds idle time before the first probe
   * @param intervalSeconds between probes
   * @param probes unanswered ones that end the connection
   */
  public record KeepalivePolicy(
      OptionalInt timeSeconds, OptionalInt intervalSeconds, OptionalInt probes) {}

  /**
   * {@link dev.sluice.spec.CircuitBreaker} without its outlier section, resolved.
   *
   * @param maxRequests requests under way
   * @param maxPending requests that wait for a connection
   * @param retries retries under way
   */
  public record CircuitBreakerPolicy(int maxRequests, int maxPending, RetryLimit retries) {}

  /** How many retries may be under way. */
  public sealed interface RetryLimit {
    /**
     * A number.
     *
     * @param retries at least 0
     */
    record AtMost(int retries) implements RetryLimit {}

    /**
     * A share of the requests.
     *
     * @param percent of the requests that are under way or wait
     * @param minConcurrent retries that are let through however few requests there are
     */
    record Budget(Percent percent, int minConcurrent) implements RetryLimit {
      public Budget {
        Objects.requireNonNull(percent);
      }
    }
  }

  /**
   * {@link dev.sluice.spec.CircuitBreaker.Outlier}, resolved.
   *
   * @param consecutiveErrors 5xx in a row; 0 for never
   * @param gatewayErrors 502, 503, 504 in a row; empty when not counted by themselves
   * @param localErrors connection failures in a row; empty when not counted apart
   * @param interval between sweeps
   * @param ejectFor base ejection time
   * @param maxEjectFor longest ejection time
   * @param maxEjectPercent 0 to 100
   * @param failurePercent ejection by the share of failures, where wanted
   */
  public record OutlierPolicy(
      int consecutiveErrors,
      OptionalInt gatewayErrors,
      OptionalInt localErrors,
      Duration interval,
      Duration ejectFor,
      Duration maxEjectFor,
      int maxEjectPercent,
      Optional<FailurePercentPolicy> failurePercent) {}

  /**
   * {@link dev.sluice.spec.CircuitBreaker.FailurePercent}, resolved.
   *
   * @param threshold 1 to 100
   * @param minHosts instances with enough requests that it takes
   * @param minRequests requests within an interval that it takes
   */
  public record FailurePercentPolicy(int threshold, int minHosts, int minRequests) {}
}
