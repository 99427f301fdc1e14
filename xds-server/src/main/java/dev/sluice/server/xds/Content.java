package dev.sluice.server.xds;

import dev.sluice.server.snapshot.Provenance;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.util.Optional;

/** What a snapshot answers for a name: its resources, and empty assignments for its clusters. */
final class Content {
  private Content() {}

  /**
   * The resource of that name. A cluster without endpoints has an empty assignment, because it
   * would otherwise wait for one until a timeout.
   */
  static Optional<Resource> of(Snapshot snapshot, ResourceType type, String name) {
    Optional<Resource> resource = snapshot.resource(type, name);
    if (resource.isEmpty() && type == ResourceType.ENDPOINT && snapshot.usesAssignment(name)) {
      return Optional.of(emptyAssignment(name));
    }
    return resource;
  }

  static Resource emptyAssignment(String name) {
    return Resource.of(
        ResourceType.ENDPOINT,
        name,
        ClusterLoadAssignment.newBuilder().setClusterName(name).build(),
        Provenance.NONE);
  }
}
