package dev.sluice.translate;

import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint.HealthCheckConfig;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.OptionalInt;

/** Where an instance is called ({@code Endpoint}). */
final class Endpoints {
  private Endpoints() {}

  /**
   * The endpoint at {@code address}.
   *
   * @param healthPort where it is asked for its health; empty for {@code port}
   */
  static Endpoint at(String address, int port, OptionalInt healthPort) {
    Endpoint.Builder endpoint = Endpoint.newBuilder().setAddress(Protos.address(address, port));
    healthPort.ifPresent(
        other -> endpoint.setHealthCheckConfig(HealthCheckConfig.newBuilder().setPortValue(other)));
    return endpoint.build();
  }

  /** The assignment of a Cluster that has no other. */
  static ClusterLoadAssignment only(String cluster, Endpoint endpoint) {
    return ClusterLoadAssignment.newBuilder()
        .setClusterName(cluster)
        .addEndpoints(
            LocalityLbEndpoints.newBuilder()
                .addLbEndpoints(LbEndpoint.newBuilder().setEndpoint(endpoint)))
        .build();
  }
}
