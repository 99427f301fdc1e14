package dev.sluice.server.xds;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;

/** Whether somebody answers behind an assignment. */
final class ReadyInstances {
  private ReadyInstances() {}

  /** Whether the assignment {@code name} has an instance that a client sends requests to. */
  static boolean any(Snapshot snapshot, String name) {
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
