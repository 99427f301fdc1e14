package dev.sluice.policy.attach;

import dev.sluice.spec.Envoy;
import dev.sluice.spec.Envoy.ClusterPatch;
import dev.sluice.spec.Envoy.ListenerPatch;
import dev.sluice.spec.Envoy.RoutePatch;
import dev.sluice.spec.Tree;
import java.util.List;

/**
 * What a policy lays over the messages that Envoys are sent, in the order written.
 *
 * @param clusters for Clusters
 * @param routes for routes
 * @param listeners for the listeners of the service's own sidecars
 */
public record EnvoyPatches(
    List<ClusterPatch> clusters, List<RoutePatch> routes, List<ListenerPatch> listeners) {
  /** No patch. */
  public static final EnvoyPatches NONE = new EnvoyPatches(List.of(), List.of(), List.of());

  public EnvoyPatches {
    clusters = List.copyOf(clusters);
    routes = List.copyOf(routes);
    listeners = List.copyOf(listeners);
  }

  static EnvoyPatches of(Envoy envoy) {
    return new EnvoyPatches(envoy.clusters(), envoy.routes(), envoy.listeners());
  }

  /** The patches of the Cluster of all versions. */
  public List<Tree> ofWhole() {
    return clusters.stream()
        .filter(patch -> patch.versions().isEmpty())
        .map(ClusterPatch::patch)
        .toList();
  }

  /** The patches of a version's Cluster. */
  public List<Tree> ofVersion(String version) {
    return clusters.stream()
        .filter(patch -> patch.versions().isEmpty() || patch.versions().contains(version))
        .map(ClusterPatch::patch)
        .toList();
  }

  /**
   * The patches of a route.
   *
   * @param route its name in the policy; {@code split} for the last one
   */
  public List<Tree> ofRoute(String route) {
    return routes.stream()
        .filter(patch -> patch.names().isEmpty() || patch.names().contains(route))
        .map(RoutePatch::patch)
        .toList();
  }

  /** The patches of the sidecars' listeners of a side. */
  public List<Tree> ofListeners(Envoy.Side side) {
    return listeners.stream()
        .filter(patch -> patch.side() == null || patch.side() == side)
        .map(ListenerPatch::patch)
        .toList();
  }
}
