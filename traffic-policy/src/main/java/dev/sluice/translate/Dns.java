package dev.sluice.translate;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DnsLookupFamily;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint.HealthCheckConfig;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;

/** Instances that the proxy itself finds by a DNS name. */
final class Dns {
  private Dns() {}

  /**
   * Gives {@code cluster} its instances. An Envoy calls all addresses of the name, and asks for
   * them every five seconds; a gRPC client knows only the kind of Cluster that connects to one of
   * them after the other.
   */
  static void apply(Cluster.Builder cluster, DnsName dns, ClientKind client) {
    cluster.setLoadAssignment(only(cluster.getName(), dns, client));
    switch (client) {
      case ENVOY ->
          cluster
              .setType(DiscoveryType.STRICT_DNS)
              .setDnsLookupFamily(DnsLookupFamily.V4_PREFERRED);
      case GRPC -> cluster.setType(DiscoveryType.LOGICAL_DNS);
    }
  }

  private static ClusterLoadAssignment only(String cluster, DnsName dns, ClientKind client) {
    Endpoint.Builder endpoint =
        Endpoint.newBuilder().setAddress(Protos.address(dns.host(), dns.port()));
    if (client == ClientKind.ENVOY) {
      dns.healthPort()
          .ifPresent(
              port ->
                  endpoint.setHealthCheckConfig(HealthCheckConfig.newBuilder().setPortValue(port)));
    }
    return ClusterLoadAssignment.newBuilder()
        .setClusterName(cluster)
        .addEndpoints(
            LocalityLbEndpoints.newBuilder()
                .addLbEndpoints(LbEndpoint.newBuilder().setEndpoint(endpoint)))
        .build();
  }
}
