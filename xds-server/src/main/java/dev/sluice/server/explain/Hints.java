package dev.sluice.server.explain;

import dev.sluice.catalog.Protocol;
import dev.sluice.catalog.ServiceId;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.policy.attach.EffectivePolicy;
import dev.sluice.policy.attach.PolicyIndex;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Why a host may have no virtual host, and which there are. */
final class Hints {
  private static final String CLUSTER_LOCAL = ".svc.cluster.local";
  private static final int MOST = 5;

  private Hints() {}

  /** What may be the reason that {@code host} is not known to proxies of the group. */
  static List<String> host(String host, NodeGroup group, PolicyIndex index) {
    String name =
        host.endsWith(CLUSTER_LOCAL) ? host.substring(0, host.indexOf(CLUSTER_LOCAL)) : host;
    ServiceId id = ServiceId.parse(name, group.namespace());
    if (!index.services().containsKey(id)) {
      return group.role() == Role.GATEWAY
          ? List.of()
          : List.of("no source knows a service " + id + " ('sluice get services' lists all)");
    }
    List<EffectivePolicy> ports = index.policies(id);
    if (ports.stream().allMatch(port -> port.protocol() == Protocol.TCP)) {
      return List.of(id + " is a service of TCP: its connections are not routed by requests");
    }
    List<String> hints = new ArrayList<>();
    switch (group.role()) {
      case GATEWAY ->
          hints.add(
              "the service "
                  + id
                  + " is known; a gateway takes requests for it under the hosts of its policy's"
                  + " attach.gateways");
      case SIDECAR, NODE, PROXYLESS -> hints.addAll(mesh(id, group, ports));
    }
    return hints;
  }

  private static List<String> mesh(ServiceId id, NodeGroup group, List<EffectivePolicy> ports) {
    if (ports.stream().noneMatch(EffectivePolicy::mesh)) {
      return List.of("the policy of " + id + " keeps it out of the mesh (attach)");
    }
    boolean named = !group.dependencies().isEmpty();
    if (named && !group.dependencies().contains(id)) {
      return List.of(
          "the service %s is known, but not among the dependencies of %s: %s"
              .formatted(
                  id,
                  group,
                  group.dependencies().stream()
                      .map(ServiceId::toString)
                      .collect(Collectors.joining(", "))));
    }
    return named || id.namespace().equals(group.namespace())
        ? List.of()
        : List.of(
            "the service %s is known, but %s names no dependencies and so has the services of its"
                    .formatted(id, group)
                + " own namespace alone");
  }

  /** Domains that are like {@code host}: those that begin with its first label. */
  static List<String> like(String host, RouteConfiguration routes) {
    String label = Texts.lower(host.split("[.:]", 2)[0]);
    List<String> like =
        routes.getVirtualHostsList().stream()
            .flatMap(each -> each.getDomainsList().stream())
            .filter(domain -> domain.equals(label) || domain.matches("\\Q" + label + "\\E[.:].*"))
            .sorted()
            .limit(MOST)
            .toList();
    return like.isEmpty() ? List.of() : List.of("there is " + String.join(", ", like));
  }
}
