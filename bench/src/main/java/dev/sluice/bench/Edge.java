package dev.sluice.bench;

import dev.sluice.catalog.Locality;
import dev.sluice.catalog.ServiceId;
import dev.sluice.e2e.SluiceProcess;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.server.bootstrap.EnvoyBootstrap;
import dev.sluice.server.bootstrap.ProxyNode;
import dev.sluice.server.settings.HostPort;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** The edge of a mesh that is measured: one gateway, which has routes to one service. */
final class Edge {
  private Edge() {}

  /** A gateway that listens on a port, for all hosts of example.com. */
  static String gateway(String namespace, int port) {
    return """
        apiVersion: sluice.dev/v1
        kind: Gateway
        metadata: {name: public, namespace: %s}
        spec:
          proxies: {selector: {app: front}}
          listeners: [{name: http, port: %d, protocol: HTTP, hosts: ["*.example.com"]}]
        """
        .formatted(namespace, port);
  }

  /** A policy without a say but that the gateway has routes to the service. */
  static String policy(String namespace, String service) {
    return """
        apiVersion: sluice.dev/v1
        kind: TrafficPolicy
        metadata: {name: %2$s, namespace: %1$s}
        spec:
          target: {service: %2$s}
          attach: {gateways: [{name: public}], hosts: [%2$s.example.com]}
        """
        .formatted(namespace, service);
  }

  /** The bootstrap of an Envoy of that gateway. */
  static String bootstrap(SluiceProcess server, String namespace) {
    NodeGroup group =
        new NodeGroup(
            Role.GATEWAY,
            new ServiceId("front", namespace),
            new TreeSet<>(),
            new TreeMap<>(Map.of("app", "front")),
            Locality.UNKNOWN,
            NodeGroup.DEFAULT_OUTBOUND_PORT,
            List.of(),
            List.of());
    HostPort xds = new HostPort("127.0.0.1", server.xdsPort());
    return new EnvoyBootstrap(new ProxyNode("front-1", group), xds, 0, EnvoyBootstrap.Variant.DELTA)
        .yaml();
  }
}
