package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.snapshot.ResourceType.ENDPOINT;
import static dev.sluice.server.snapshot.ResourceType.LISTENER;
import static dev.sluice.server.snapshot.ResourceType.ROUTE;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import dev.sluice.server.snapshot.Provenance;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Small resources, of which {@code content} tells two versions apart. */
final class Fixtures {
  private Fixtures() {}

  static Resource cluster(String name, String content) {
    Cluster cluster =
        Cluster.newBuilder()
            .setName(name)
            .setAltStatName(content)
            .setType(Cluster.DiscoveryType.EDS)
            .build();
    return Resource.of(CLUSTER, name, cluster, Provenance.NONE);
  }

  static Resource assignment(String name, int overprovisioning) {
    ClusterLoadAssignment.Builder assignment =
        ClusterLoadAssignment.newBuilder().setClusterName(name);
    assignment.getPolicyBuilder().getOverprovisioningFactorBuilder().setValue(overprovisioning);
    return Resource.of(ENDPOINT, name, assignment.build(), Provenance.NONE);
  }

  /** An assignment with one instance that is ready. */
  static Resource readyAssignment(String name) {
    ClusterLoadAssignment.Builder assignment =
        ClusterLoadAssignment.newBuilder().setClusterName(name);
    assignment.addEndpointsBuilder().addLbEndpointsBuilder().setHealthStatus(HealthStatus.HEALTHY);
    return Resource.of(ENDPOINT, name, assignment.build(), Provenance.NONE);
  }

  static Resource secret(String name, String content) {
    Secret.Builder secret = Secret.newBuilder().setName(name);
    secret.getTlsCertificateBuilder().getCertificateChainBuilder().setInlineString(content);
    return Resource.of(ResourceType.SECRET, name, secret.build(), Provenance.NONE);
  }

  static Resource listener(String name, String content) {
    Listener listener = Listener.newBuilder().setName(name).setStatPrefix(content).build();
    return Resource.of(LISTENER, name, listener, Provenance.NONE);
  }

  static Resource route(String name, String content) {
    RouteConfiguration route =
        RouteConfiguration.newBuilder()
            .setName(name)
            .addVirtualHosts(VirtualHost.newBuilder().setName(content).addDomains("*"))
            .build();
    return Resource.of(ROUTE, name, route, Provenance.NONE);
  }

  /** The RouteConfiguration "main" of virtual hosts, each given as {@code name=content}. */
  static Resource hosts(String... hosts) {
    RouteConfiguration.Builder routes = RouteConfiguration.newBuilder().setName("main");
    Map<String, List<String>> parts = new HashMap<>();
    for (String host : hosts) {
      String[] parsed = host.split("=", 2);
      routes.addVirtualHosts(
          VirtualHost.newBuilder().setName(parsed[0]).addDomains(parsed[0] + "." + parsed[1]));
      parts.put(parsed[0], List.of("TrafficPolicy shop/" + parsed[0]));
    }
    return Resource.of(ROUTE, "main", routes.build(), new Provenance(List.of(), List.of(), parts));
  }

  /** A resource of any type that has a name and nothing else. */
  static Resource resource(ResourceType type, String name) {
    Message prototype = type.prototype();
    FieldDescriptor field = prototype.getDescriptorForType().findFieldByNumber(1);
    return Resource.of(
        type, name, prototype.toBuilder().setField(field, name).build(), Provenance.NONE);
  }
}
