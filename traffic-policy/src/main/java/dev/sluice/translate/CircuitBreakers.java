package dev.sluice.translate;

import dev.sluice.policy.attach.ClusterPolicy;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds.RetryBudget;
import io.envoyproxy.envoy.config.core.v3.RoutingPriority;
import io.envoyproxy.envoy.type.v3.Percent;

/** Limits of one proxy ({@code Cluster.circuit_breakers}); routes are all of DEFAULT priority. */
final class CircuitBreakers {
  private static final int RETRY_BUDGET_PERCENT = 20;
  private static final int RETRY_BUDGET_MIN_CONCURRENCY = 10;
  private static final long NO_LIMIT = 0xFFFF_FFFFL;

  private CircuitBreakers() {}

  static io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers of(ClusterPolicy policy) {
    Thresholds.Builder thresholds =
        Thresholds.newBuilder()
            .setPriority(RoutingPriority.DEFAULT)
            .setMaxConnections(Protos.uint32(policy.connectionPool().maxConnections()))
            .setMaxPendingRequests(Protos.uint32(policy.circuitBreaker().maxPending()))
            .setMaxRequests(Protos.uint32(policy.circuitBreaker().maxRequests()))
            .setTrackRemaining(true);
    if (policy.circuitBreaker().maxRetries().isPresent()) {
      thresholds.setMaxRetries(Protos.uint32(policy.circuitBreaker().maxRetries().getAsInt()));
    } else {
      thresholds.setRetryBudget(retryBudget());
    }
    return of(thresholds);
  }

  /** No limit but the one that the caller's proxy keeps. */
  static io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers unlimited() {
    return of(
        Thresholds.newBuilder()
            .setPriority(RoutingPriority.DEFAULT)
            .setMaxConnections(Protos.uint32(NO_LIMIT))
            .setMaxPendingRequests(Protos.uint32(NO_LIMIT))
            .setMaxRequests(Protos.uint32(NO_LIMIT))
            .setMaxRetries(Protos.uint32(NO_LIMIT)));
  }

  private static RetryBudget retryBudget() {
    return RetryBudget.newBuilder()
        .setBudgetPercent(Percent.newBuilder().setValue(RETRY_BUDGET_PERCENT))
        .setMinRetryConcurrency(Protos.uint32(RETRY_BUDGET_MIN_CONCURRENCY))
        .build();
  }

  private static io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers of(
      Thresholds.Builder thresholds) {
    return io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.newBuilder()
        .addThresholds(thresholds)
        .build();
  }
}
