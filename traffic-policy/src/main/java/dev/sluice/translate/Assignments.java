package dev.sluice.translate;

import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.translate.AssignmentInput.LocalityEndpoints;
import dev.sluice.translate.AssignmentInput.WeightedEndpoint;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment.Policy;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.OptionalInt;

/** The instances of a Cluster ({@code envoy.config.endpoint.v3.ClusterLoadAssignment}). */
public final class Assignments {
  private Assignments() {}

  /** The assignment of {@code input}; without instances it is empty, never missing. */
  public static ClusterLoadAssignment assignment(AssignmentInput input) {
    ClusterLoadAssignment.Builder assignment =
        ClusterLoadAssignment.newBuilder().setClusterName(input.cluster());
    for (LocalityEndpoints locality : input.localities()) {
      assignment.addEndpoints(locality(locality, input.healthPort()));
    }
    input
        .overprovision()
        .ifPresent(
            percent ->
                assignment.setPolicy(
                    Policy.newBuilder().setOverprovisioningFactor(Protos.uint32(percent))));
    return assignment.build();
  }

  /**
   * The locality's own weight is that of its instances, unless a policy gives it one: gRPC leaves
   * out a locality without one, and Envoy heeds it only where a policy asks for it.
   */
  private static LocalityLbEndpoints locality(LocalityEndpoints input, OptionalInt healthPort) {
    LocalityLbEndpoints.Builder locality = LocalityLbEndpoints.newBuilder();
    if (!input.locality().equals(Locality.UNKNOWN) || !input.subZone().isEmpty()) {
      locality.setLocality(
          io.envoyproxy.envoy.config.core.v3.Locality.newBuilder()
              .setRegion(input.locality().region())
              .setZone(input.locality().zone())
              .setSubZone(input.subZone()));
    }
    for (WeightedEndpoint endpoint : input.endpoints()) {
      locality.addLbEndpoints(endpoint(endpoint, healthPort));
    }
    long weight = input.weight().orElse(Math.max(1, input.readyWeight()));
    return locality
        .setPriority(input.priority())
        .setLoadBalancingWeight(Protos.uint32(weight))
        .build();
  }

  private static LbEndpoint endpoint(WeightedEndpoint input, OptionalInt healthPort) {
    return LbEndpoint.newBuilder()
        .setEndpoint(Endpoints.at(input.address(), input.port(), healthPort))
        .setHealthStatus(health(input.health()))
        .setLoadBalancingWeight(Protos.uint32(input.weight()))
        .build();
  }

  private static HealthStatus health(Health health) {
    return switch (health) {
      case HEALTHY -> HealthStatus.HEALTHY;
      case DRAINING -> HealthStatus.DRAINING;
      case UNHEALTHY -> HealthStatus.UNHEALTHY;
    };
  }
}
