package dev.sluice.translate;

import dev.sluice.catalog.Protocol;
import dev.sluice.policy.attach.ClusterPolicy;
import dev.sluice.policy.attach.ClusterPolicy.ConnectionPoolPolicy;
import dev.sluice.policy.attach.ClusterPolicy.RetryLimit;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds.RetryBudget;
import io.envoyproxy.envoy.config.core.v3.RoutingPriority;
import io.envoyproxy.envoy.type.v3.Percent;
import java.util.OptionalInt;

/** Limits of one proxy ({@code Cluster.circuit_breakers}); routes are all of DEFAULT priority. */
final class CircuitBreakers {
  private static final long NO_LIMIT = 0xFFFF_FFFFL;

  private CircuitBreakers() {}

  static io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers of(
      ClusterPolicy policy, Protocol protocol) {
    Thresholds.Builder thresholds =
        Thresholds.newBuilder()
            .setPriority(RoutingPriority.DEFAULT)
            .setMaxConnections(Protos.uint32(policy.connectionPool().maxConnections()))
            .setMaxPendingRequests(Protos.uint32(policy.circuitBreaker().maxPending()))
            .setMaxRequests(Protos.uint32(policy.circuitBreaker().maxRequests()))
            .setTrackRemaining(true);
    switch (policy.circuitBreaker().retries()) {
      case RetryLimit.AtMost(int retries) -> thresholds.setMaxRetries(Protos.uint32(retries));
      case RetryLimit.Budget budget -> thresholds.setRetryBudget(retryBudget(budget));
    }
    var breakers = of(thresholds);
    OptionalInt perHost = perHost(policy.connectionPool(), protocol);
    return perHost.isEmpty()
        ? breakers
        : breakers.toBuilder()
            .addPerHostThresholds(
                Thresholds.newBuilder()
                    .setPriority(RoutingPriority.DEFAULT)
                    .setMaxConnections(Protos.uint32(perHost.getAsInt())))
            .build();
  }

  /**
   * Connections to one host, the only thing that Envoy limits by host. A request of h1 has its
   * connection for itself, so as many are under way as there are connections; with h2 all go over
   * one, which {@link HttpProtocols} gives as many streams.
   */
  private static OptionalInt perHost(ConnectionPoolPolicy pool, Protocol protocol) {
    OptionalInt connections = pool.maxConnectionsPerEndpoint();
    OptionalInt requests = pool.maxRequestsPerEndpoint();
    if (requests.isEmpty()) {
      return connections;
    }
    return switch (protocol) {
      case HTTP ->
          OptionalInt.of(Math.min(requests.getAsInt(), connections.orElse(Integer.MAX_VALUE)));
      case HTTP2, GRPC -> OptionalInt.of(1);
      case TCP -> connections;
    };
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

  private static RetryBudget retryBudget(RetryLimit.Budget budget) {
    return RetryBudget.newBuilder()
        .setBudgetPercent(Percent.newBuilder().setValue(budget.percent().value()))
        .setMinRetryConcurrency(Protos.uint32(budget.minConcurrent()))
        .build();
  }

  private static io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers of(
      Thresholds.Builder thresholds) {
    return io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.newBuilder()
        .addThresholds(thresholds)
        .build();
  }
}
