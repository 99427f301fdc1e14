package dev.sluice.server.demand;

import dev.sluice.catalog.Locality;
import dev.sluice.catalog.ServiceId;
import dev.sluice.node.InboundPort;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.OutboundTcp;
import dev.sluice.node.Role;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.spec.Document;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Groups of proxies, and policies, of the namespace {@code shop}. */
final class Groups {
  private Groups() {}

  static ServiceId id(String service) {
    return ServiceId.parse(service, "shop");
  }

  static NodeGroup group(Role role, String... dependencies) {
    return group(role, List.of(), List.of(), dependencies);
  }

  static NodeGroup group(
      Role role, List<InboundPort> inbound, List<OutboundTcp> tcp, String... dependencies) {
    return new NodeGroup(
        role,
        id("caller"),
        new TreeSet<>(Stream.of(dependencies).map(Groups::id).toList()),
        Collections.emptySortedMap(),
        Locality.UNKNOWN,
        NodeGroup.DEFAULT_OUTBOUND_PORT,
        inbound,
        tcp);
  }

  /** A policy of that name for a service. */
  static Document policyDocument(String name, String service) {
    return DocumentParser.reader()
        .read(
            "test.yaml",
            """
            apiVersion: sluice.dev/v1
            kind: TrafficPolicy
            metadata: {name: %s, namespace: shop}
            spec: {target: {service: %s}}
            """
                .formatted(name, service))
        .items()
        .getFirst()
        .document()
        .orElseThrow();
  }
}
