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

  /** A resource of any type that has a name and nothing else. */
  static Resource resource(ResourceType type, String name) {
    Message prototype = type.prototype();
    FieldDescriptor field = prototype.getDescriptorForType().findFieldByNumber(1);
    return Resource.of(
        type, name, prototype.toBuilder().setField(field, name).build(), Provenance.NONE);
  }
}
