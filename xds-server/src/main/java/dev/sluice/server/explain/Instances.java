package dev.sluice.server.explain;

import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Service;
import dev.sluice.policy.attach.EffectivePolicy;
import dev.sluice.policy.attach.EffectivePolicy.EffectiveVersion;
import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.server.explain.Explanation.Instance;
import dev.sluice.spec.IpLiteral;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import io.envoyproxy.envoy.config.endpoint.v3.LocalityLbEndpoints;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The endpoints of a Cluster, with what the catalog knows of each. */
final class Instances {
  private final PolicyIndex index;

  Instances(PolicyIndex index) {
    this.index = index;
  }

  List<Instance> of(String cluster, ClusterLoadAssignment assignment) {
    Optional<ClusterName> name = ClusterName.parse(cluster);
    List<Instance> instances = new ArrayList<>();
    for (LocalityLbEndpoints locality : assignment.getEndpointsList()) {
      for (LbEndpoint endpoint : locality.getLbEndpointsList()) {
        instances.add(instance(name, locality, endpoint));
      }
    }
    return instances;
  }

  private Instance instance(
      Optional<ClusterName> cluster, LocalityLbEndpoints locality, LbEndpoint endpoint) {
    SocketAddress address = endpoint.getEndpoint().getAddress().getSocketAddress();
    Optional<Endpoint> known =
        cluster.flatMap(name -> known(name, address.getAddress(), address.getPortValue()));
    return new Instance(
        IpLiteral.asHost(address.getAddress()) + ":" + address.getPortValue(),
        endpoint.getHealthStatus().name(),
        cluster
            .flatMap(ClusterName::version)
            .or(() -> known.flatMap(one -> cluster.flatMap(name -> version(name, one))))
            .orElse(""),
        place(locality),
        Math.max(1, endpoint.getLoadBalancingWeight().getValue() & 0xffffffffL),
        locality.getPriority(),
        known.map(one -> one.source().toString()).orElse(""));
  }

  private Optional<Endpoint> known(ClusterName name, String address, int port) {
    Service service = index.services().get(name.service());
    return service == null
        ? Optional.empty()
        : service.endpoints().stream()
            .filter(one -> one.address().equals(address) && one.ports().containsValue(port))
            .findFirst();
  }

  /** Whose labels it carries, of the versions that are declared now. */
  private Optional<String> version(ClusterName name, Endpoint endpoint) {
    return policy(name).stream()
        .flatMap(policy -> policy.versions().stream())
        .filter(version -> endpoint.hasLabels(version.labels()))
        .map(EffectiveVersion::name)
        .findFirst();
  }

  /** What holds for the Cluster's service and port now. */
  Optional<EffectivePolicy> policy(ClusterName name) {
    return index.policies(name.service()).stream()
        .filter(policy -> policy.port().number() == name.port())
        .findFirst();
  }

  private static String place(LocalityLbEndpoints endpoints) {
    String region = endpoints.getLocality().getRegion();
    String zone = endpoints.getLocality().getZone();
    return zone.isEmpty() ? region : region + "/" + zone;
  }
}
