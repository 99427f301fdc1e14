package dev.sluice.server.explain;

import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.cluster.v3.CircuitBreakers.Thresholds;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.OutlierDetection;
import io.envoyproxy.envoy.config.core.v3.HealthCheck;
import io.envoyproxy.envoy.config.core.v3.RoutingPriority;
import java.math.BigDecimal;
import java.util.Map;

/** What a request meets at its Cluster. */
final class ClusterSettings {
  private static final String PREFIX = "envoy.load_balancing_policies.";
  private static final long NO_LIMIT = 0xffffffffL;

  private final Settings settings = new Settings();

  private ClusterSettings() {}

  static Map<String, String> of(Cluster cluster) {
    ClusterSettings of = new ClusterSettings();
    cluster.getLoadBalancingPolicy().getPoliciesList().stream()
        .findFirst()
        .map(policy -> policy.getTypedExtensionConfig().getName())
        .ifPresent(name -> of.settings.put("loadBalancer.type", type(name)));
    if (cluster.hasConnectTimeout()) {
      of.settings.put("connectionPool.connectTimeout", cluster.getConnectTimeout());
    }
    cluster.getCircuitBreakers().getThresholdsList().stream()
        .filter(thresholds -> thresholds.getPriority() == RoutingPriority.DEFAULT)
        .findFirst()
        .ifPresent(of::breaker);
    if (cluster.hasOutlierDetection()) {
      of.outlier(cluster.getOutlierDetection());
    }
    cluster.getHealthChecksList().forEach(of::health);
    return of.settings.values();
  }

  private static String type(String name) {
    String type = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
    return type.equals("maglev") || type.equals("ring_hash") ? "consistent_hash" : type;
  }

  private void breaker(Thresholds thresholds) {
    limit(
        "connectionPool.maxConnections",
        thresholds.hasMaxConnections(),
        thresholds.getMaxConnections());
    limit("circuitBreaker.maxRequests", thresholds.hasMaxRequests(), thresholds.getMaxRequests());
    limit(
        "circuitBreaker.maxPending",
        thresholds.hasMaxPendingRequests(),
        thresholds.getMaxPendingRequests());
    limit("circuitBreaker.maxRetries", thresholds.hasMaxRetries(), thresholds.getMaxRetries());
    if (thresholds.hasRetryBudget()) {
      settings.put(
          "circuitBreaker.retryBudget",
          "%s of the requests under way, at least %d"
              .formatted(
                  number(thresholds.getRetryBudget().getBudgetPercent().getValue()) + "%",
                  thresholds.getRetryBudget().getMinRetryConcurrency().getValue()));
    }
  }

  private void limit(String name, boolean given, UInt32Value value) {
    long limit = value.getValue() & NO_LIMIT;
    if (given) {
      settings.put(name, limit == NO_LIMIT ? "none" : Long.toString(limit));
    }
  }

  private void outlier(OutlierDetection outlier) {
    String name = "circuitBreaker.outlier.";
    long enforced =
        outlier.hasEnforcingConsecutive5Xx()
            ? outlier.getEnforcingConsecutive5Xx().getValue()
            : 100;
    if (enforced > 0) {
      count(name + "consecutiveErrors", outlier.getConsecutive5Xx());
    }
    if (outlier.hasConsecutiveGatewayFailure()) {
      count(name + "gatewayErrors", outlier.getConsecutiveGatewayFailure());
    }
    if (outlier.hasConsecutiveLocalOriginFailure()) {
      count(name + "localErrors", outlier.getConsecutiveLocalOriginFailure());
    }
    if (outlier.getEnforcingFailurePercentage().getValue() > 0) {
      settings.put(
          name + "failurePercent.threshold",
          outlier.getFailurePercentageThreshold().getValue() + "%");
    }
    settings.put(name + "ejectFor", outlier.getBaseEjectionTime());
    settings.put(name + "maxEjectPercent", outlier.getMaxEjectionPercent().getValue() + "%");
  }

  private void count(String name, UInt32Value value) {
    settings.put(name, value.getValue() + " in a row");
  }

  private void health(HealthCheck check) {
    String asked =
        switch (check.getHealthCheckerCase()) {
          case HTTP_HEALTH_CHECK -> "GET " + check.getHttpHealthCheck().getPath();
          case GRPC_HEALTH_CHECK -> "gRPC health";
          case TCP_HEALTH_CHECK -> "a connection";
          case CUSTOM_HEALTH_CHECK, HEALTHCHECKER_NOT_SET -> "a check of Envoy's";
        };
    settings.put("health.active", asked + " every " + Settings.text(check.getInterval()));
  }

  private static String number(double value) {
    return BigDecimal.valueOf(value).stripTrailingZeros().toPlainString();
  }
}
