package dev.sluice.translate;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Protocol;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.ServicePort;
import dev.sluice.catalog.SourceName;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.policy.attach.EffectivePolicy;
import dev.sluice.policy.attach.EffectivePolicy.EffectiveVersion;
import dev.sluice.policy.attach.EffectivePolicy.GatewayHosts;
import dev.sluice.policy.attach.EffectiveSplit;
import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.spec.Documents;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Facts and policies for tests. */
final class Given {
  static final ServiceId ORDERS = new ServiceId("orders", "shop");

  private static final SourceName SOURCE = new SourceName("file", "test");

  private Given() {}

  static Endpoint endpoint(String address, String version, int weight, Health health) {
    return new Endpoint(
        address,
        new TreeMap<>(Map.of("", 8080)),
        new TreeMap<>(Map.of("version", version)),
        weight,
        Locality.UNKNOWN,
        health,
        SOURCE);
  }

  static Endpoint endpoint(String address, String version) {
    return endpoint(address, version, 1, Health.HEALTHY);
  }

  static Service orders(Protocol protocol, Endpoint... endpoints) {
    return new Service(ORDERS, List.of(new ServicePort("", 80, protocol)), List.of(endpoints));
  }

  /** The default policy of the service's first port. */
  static EffectivePolicy policy(Service service) {
    return PolicyIndex.of(Documents.EMPTY, Catalog.of(List.of(service)))
        .policies(service.id())
        .getFirst();
  }

  /** The default policy with versions v1 and v2 and that split. */
  static EffectivePolicy split(Service service, EffectiveSplit split) {
    EffectivePolicy policy = policy(service);
    List<EffectiveVersion> versions =
        Stream.of("v1", "v2")
            .map(
                name ->
                    new EffectiveVersion(
                        name,
                        new TreeMap<>(Map.of("version", name)),
                        policy.cluster(),
                        OptionalInt.empty()))
            .toList();
    return with(policy, policy.mesh(), policy.gateways(), versions, split);
  }

  static EffectivePolicy attached(EffectivePolicy policy, boolean mesh, GatewayHosts... gateways) {
    return with(policy, mesh, List.of(gateways), policy.versions(), policy.split());
  }

  private static EffectivePolicy with(
      EffectivePolicy policy,
      boolean mesh,
      List<GatewayHosts> gateways,
      List<EffectiveVersion> versions,
      EffectiveSplit split) {
    return new EffectivePolicy(
        policy.service(),
        policy.port(),
        policy.protocol(),
        mesh,
        gateways,
        policy.listeners(),
        versions,
        split,
        policy.degraded(),
        policy.routes(),
        policy.cluster(),
        policy.requests(),
        policy.inboundLimit(),
        policy.upstreamTls(),
        policy.statPrefix(),
        policy.envoy(),
        policy.backends(),
        policy.overrides(),
        policy.attributions());
  }

  static NodeGroup group(Role role, String service, String... dependencies) {
    TreeSet<ServiceId> wanted = new TreeSet<>();
    for (String dependency : dependencies) {
      wanted.add(ServiceId.parse(dependency, "shop"));
    }
    return new NodeGroup(
        role,
        ServiceId.parse(service, "shop"),
        wanted,
        new TreeMap<>(Map.of("app", "front")),
        Locality.UNKNOWN,
        NodeGroup.DEFAULT_OUTBOUND_PORT,
        List.of());
  }
}
