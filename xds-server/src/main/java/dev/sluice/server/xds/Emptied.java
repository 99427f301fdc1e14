package dev.sluice.server.xds;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotDiff;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;

/**
 * Assignments that lose their last ready instance while the routes move away from them: the client
 * takes the routes first, or what is on its way meanwhile finds nobody to answer.
 */
final class Emptied {
  private Emptied() {}

  /** Whether the assignment {@code name} is to wait for the routes of the same publication. */
  static boolean waits(SnapshotDiff diff, String name) {
    return !diff.names(ResourceType.ROUTE).changed().isEmpty()
        && isReady(diff.before(), name)
        && !isReady(diff.after(), name);
  }

  private static boolean isReady(Snapshot snapshot, String name) {
    return snapshot
        .resource(ResourceType.ENDPOINT, name)
        .map(Resource::message)
        .map(ClusterLoadAssignment.class::cast)
        .stream()
        .flatMap(assignment -> assignment.getEndpointsList().stream())
        .flatMap(locality -> locality.getLbEndpointsList().stream())
        .map(LbEndpoint::getHealthStatus)
        .anyMatch(health -> health == HealthStatus.HEALTHY || health == HealthStatus.UNKNOWN);
  }
}
