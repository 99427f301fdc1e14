package dev.sluice.server.explain;

import dev.sluice.server.explain.Explanation.Instance;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A Cluster as a proxy has it, and whom it can call.
 *
 * @param cluster the Cluster; empty where the proxy has none of that name
 * @param assignment its endpoints, as a resource of their own or within the Cluster
 * @param from where these come from
 * @param instances the endpoints
 */
record Callable(
    Optional<Cluster> cluster,
    Optional<ClusterLoadAssignment> assignment,
    Optional<Resource> from,
    List<Instance> instances) {
  /** Envoy calls those of unknown health too. */
  private static final Set<String> READY = Set.of("HEALTHY", "UNKNOWN", "DEGRADED");

  private static final double DEFAULT_PANIC = 50;

  static Callable of(Held held, String name, Instances catalog) {
    Optional<Resource> resource = held.resource(ResourceType.CLUSTER, name);
    if (resource.isEmpty()) {
      return new Callable(Optional.empty(), Optional.empty(), Optional.empty(), List.of());
    }
    Cluster cluster = (Cluster) resource.get().message();
    Optional<Resource> told =
        resource
            .get()
            .assignmentName()
            .flatMap(assignment -> held.resource(ResourceType.ENDPOINT, assignment));
    Optional<ClusterLoadAssignment> assignment =
        cluster.getType() == DiscoveryType.EDS
            ? told.map(one -> (ClusterLoadAssignment) one.message())
            : Optional.of(cluster.getLoadAssignment());
    return new Callable(
        Optional.of(cluster),
        assignment,
        told.or(() -> resource),
        assignment.map(one -> catalog.of(name, one)).orElse(List.of()));
  }

  /** What keeps requests from its instances; empty where nothing does. */
  Optional<String> problem() {
    if (cluster.isEmpty()) {
      return Optional.of("the proxy has no cluster of that name");
    }
    if (assignment.isEmpty()) {
      return Optional.of("the proxy has not acknowledged its endpoints");
    }
    if (instances.isEmpty()) {
      return Optional.of("it has no instance");
    }
    return ready().isEmpty() && !panics()
        ? Optional.of("none of its " + instances.size() + " instances is healthy")
        : Optional.empty();
  }

  /** What is to be known where it can be called all the same. */
  Optional<String> warning() {
    return problem().isEmpty() && ready().isEmpty()
        ? Optional.of(
            "none of its %d instances is healthy, so all of them are called (panic threshold %s)"
                .formatted(instances.size(), Percentage.text(Math.round(panicPercent()), 100)))
        : Optional.empty();
  }

  boolean isThere() {
    return cluster.isPresent();
  }

  private boolean panics() {
    return panicPercent() > 0;
  }

  private double panicPercent() {
    return cluster
        .filter(one -> one.getCommonLbConfig().hasHealthyPanicThreshold())
        .map(one -> one.getCommonLbConfig().getHealthyPanicThreshold().getValue())
        .orElse(DEFAULT_PANIC);
  }

  /** Those that are ready. */
  List<Instance> ready() {
    return instances.stream().filter(one -> READY.contains(one.health())).toList();
  }

  /** Those that calls go to as long as none of them fails: of the first priority that has any. */
  List<Instance> called() {
    List<Instance> able = ready().isEmpty() ? instances : ready();
    int first = able.stream().mapToInt(Instance::priority).min().orElse(0);
    return able.stream().filter(one -> one.priority() == first).toList();
  }

  /** Whether the proxy finds out by itself who is healthy. */
  boolean isChecked() {
    return cluster.filter(one -> one.getHealthChecksCount() > 0).isPresent();
  }
}
