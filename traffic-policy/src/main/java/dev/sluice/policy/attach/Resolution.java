package dev.sluice.policy.attach;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;

import dev.sluice.catalog.Protocol;
import dev.sluice.policy.attach.ClusterPolicy.CircuitBreakerPolicy;
import dev.sluice.policy.attach.ClusterPolicy.ConnectionPoolPolicy;
import dev.sluice.policy.attach.ClusterPolicy.FailurePercentPolicy;
import dev.sluice.policy.attach.ClusterPolicy.KeepalivePolicy;
import dev.sluice.policy.attach.ClusterPolicy.LoadBalancerPolicy;
import dev.sluice.policy.attach.ClusterPolicy.OutlierPolicy;
import dev.sluice.policy.attach.ClusterPolicy.RetryLimit;
import dev.sluice.policy.attach.ClusterPolicy.SlowStartPolicy;
import dev.sluice.spec.CircuitBreaker;
import dev.sluice.spec.ConnectionPool;
import dev.sluice.spec.LoadBalancer;
import dev.sluice.spec.LocalityRouting;
import dev.sluice.spec.Resilience;
import dev.sluice.spec.Retry;
import dev.sluice.spec.Timeouts;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Turns merged sections into policies without gaps. The sections given here lie over {@link
 * BuiltIn#SECTIONS}, so what those set is never null.
 */
final class Resolution {
  private Resolution() {}

  /**
   * How the instances of one Cluster are called.
   *
   * @param protocol what they speak
   */
  static ClusterPolicy cluster(Resilience sections, Protocol protocol) {
    LoadBalancer balancer = requireNonNull(sections.loadBalancer());
    CircuitBreaker breaker = requireNonNull(sections.circuitBreaker());
    return new ClusterPolicy(
        loadBalancer(balancer),
        connectionPool(requireNonNull(sections.connectionPool())),
        new CircuitBreakerPolicy(
            requireNonNull(breaker.maxRequests()),
            requireNonNull(breaker.maxPending()),
            retries(breaker)),
        outlier(requireNonNull(breaker.outlier())),
        HealthResolution.of(requireNonNull(sections.health()), protocol),
        locality(requireNonNull(sections.locality()), requireNonNull(balancer.type())));
  }

  /** A hash spans all localities, so that it goes together with no weights of theirs. */
  private static LocalityPolicy locality(LocalityRouting locality, LoadBalancer.Type type) {
    int overprovision = requireNonNull(locality.overprovision());
    return switch (requireNonNull(locality.mode())) {
      case NONE -> new LocalityPolicy.None();
      case FAILOVER -> new LocalityPolicy.Failover(locality.order(), overprovision);
      case WEIGHTED ->
          type == LoadBalancer.Type.CONSISTENT_HASH || locality.weights().isEmpty()
              ? new LocalityPolicy.None()
              : new LocalityPolicy.Weighted(locality.weights(), overprovision);
    };
  }

  private static LoadBalancerPolicy loadBalancer(LoadBalancer balancer) {
    LoadBalancer.Type type = requireNonNull(balancer.type());
    return new LoadBalancerPolicy(
        type,
        requireNonNull(balancer.choices()),
        requireNonNull(balancer.table()),
        Optional.ofNullable(balancer.slowStart())
            .filter(start -> type.startsSlowly() && start.window().isPositive())
            .map(Resolution::slowStart));
  }

  private static SlowStartPolicy slowStart(LoadBalancer.SlowStart start) {
    return new SlowStartPolicy(
        start.window(),
        requireNonNullElse(start.aggression(), BuiltIn.AGGRESSION),
        requireNonNullElse(start.minWeightPercent(), BuiltIn.MIN_WEIGHT_PERCENT));
  }

  private static RetryLimit retries(CircuitBreaker breaker) {
    Integer most = breaker.maxRetries();
    if (most != null) {
      return new RetryLimit.AtMost(most);
    }
    CircuitBreaker.RetryBudget given = breaker.retryBudget();
    CircuitBreaker.RetryBudget budget =
        given == null ? BuiltIn.RETRY_BUDGET : Merge.over(BuiltIn.RETRY_BUDGET, given);
    return new RetryLimit.Budget(
        requireNonNull(budget.percent()), requireNonNull(budget.minConcurrent()));
  }

  private static ConnectionPoolPolicy connectionPool(ConnectionPool pool) {
    return new ConnectionPoolPolicy(
        requireNonNull(pool.connectTimeout()),
        requireNonNull(pool.maxConnections()),
        optional(pool.maxConnectionsPerEndpoint()),
        optional(pool.maxRequestsPerEndpoint()),
        requireNonNull(pool.maxRequestsPerConnection()),
        requireNonNull(pool.idleTimeout()),
        Optional.ofNullable(pool.keepalive())
            .map(
                keepalive ->
                    new KeepalivePolicy(
                        seconds(keepalive.time()),
                        seconds(keepalive.interval()),
                        optional(keepalive.probes()))),
        requireNonNull(pool.bufferLimit()).bytes());
  }

  private static OutlierPolicy outlier(CircuitBreaker.Outlier outlier) {
    Duration ejectFor = requireNonNull(outlier.ejectFor());
    Duration maxEjectFor = outlier.maxEjectFor();
    return new OutlierPolicy(
        requireNonNull(outlier.consecutiveErrors()),
        optional(outlier.gatewayErrors()),
        optional(outlier.localErrors()),
        requireNonNull(outlier.interval()),
        ejectFor,
        maxEjectFor == null ? BuiltIn.maxEjectFor(ejectFor) : maxEjectFor,
        requireNonNull(outlier.maxEjectPercent()),
        Optional.ofNullable(outlier.failurePercent()).map(Resolution::failurePercent));
  }

  private static FailurePercentPolicy failurePercent(CircuitBreaker.FailurePercent given) {
    CircuitBreaker.FailurePercent all = Merge.over(BuiltIn.FAILURE_PERCENT, given);
    return new FailurePercentPolicy(
        requireNonNull(all.threshold()),
        requireNonNull(all.minHosts()),
        requireNonNull(all.minRequests()));
  }

  static RetryPolicy retry(Retry retry, LoadBalancer.Type type, Protocol protocol) {
    Duration base = requireNonNull(requireNonNull(retry.backoff()).base());
    Boolean avoid = retry.avoidPreviousHosts();
    return new RetryPolicy(
        requireNonNull(retry.attempts()),
        retry.hedge() == null ? Optional.ofNullable(retry.perTryTimeout()) : Optional.empty(),
        retry.retryOn().isEmpty() ? BuiltIn.retryOn(protocol) : retry.retryOn(),
        base,
        backoffMax(base, retry.backoff().max()),
        avoid == null ? BuiltIn.avoidPreviousHosts(type) : avoid,
        Optional.ofNullable(retry.hedge()).map(Retry.Hedge::after));
  }

  /** Base and limit may come from different documents; Envoy refuses a limit below the base. */
  private static Duration backoffMax(Duration base, @Nullable Duration max) {
    if (max == null) {
      return BuiltIn.backoffMax(base);
    }
    return max.compareTo(base) < 0 ? base : max;
  }

  static TimeoutPolicy timeouts(Timeouts timeouts) {
    return new TimeoutPolicy(
        requireNonNull(timeouts.request()),
        Optional.ofNullable(timeouts.idle()),
        Optional.ofNullable(timeouts.maxStream()));
  }

  private static OptionalInt optional(@Nullable Integer value) {
    return value == null ? OptionalInt.empty() : OptionalInt.of(value);
  }

  private static OptionalInt seconds(@Nullable Duration value) {
    return value == null ? OptionalInt.empty() : OptionalInt.of((int) value.toSeconds());
  }
}
