package dev.sluice.translate;

import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DnsLookupFamily;
import java.util.OptionalInt;

/** Instances that the proxy itself finds by a DNS name. */
final class Dns {
  private Dns() {}

  /**
   * Gives {@code cluster} its instances. An Envoy calls all addresses of the name, and asks for
   * them every five seconds; a gRPC client knows only the kind of Cluster that connects to one of
   * them after the other.
   */
  static void apply(Cluster.Builder cluster, DnsName dns, ClientKind client) {
    OptionalInt healthPort = client == ClientKind.ENVOY ? dns.healthPort() : OptionalInt.empty();
    cluster.setLoadAssignment(
        Endpoints.only(cluster.getName(), Endpoints.at(dns.host(), dns.port(), healthPort)));
    switch (client) {
      case ENVOY ->
          cluster
              .setType(DiscoveryType.STRICT_DNS)
              .setDnsLookupFamily(DnsLookupFamily.V4_PREFERRED);
      case GRPC -> cluster.setType(DiscoveryType.LOGICAL_DNS);
    }
  }
}
