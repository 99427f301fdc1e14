package dev.sluice.server.xds;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** RouteConfigurations that name a cluster which is not served. */
final class Routes {
  private Routes() {}

  /**
   * {@code published} with each virtual host that names {@code cluster} as it was in {@code
   * before}: a route to a cluster that a proxy does not have answers 503. A host that was not there
   * before, or named it already, is left as it is.
   */
  static Optional<Resource> without(Resource published, String cluster, Snapshot before) {
    RouteConfiguration routes = (RouteConfiguration) published.message();
    Map<String, VirtualHost> old = new HashMap<>();
    before
        .resource(ResourceType.ROUTE, published.name())
        .map(resource -> (RouteConfiguration) resource.message())
        .ifPresent(then -> then.getVirtualHostsList().forEach(it -> old.put(it.getName(), it)));
    RouteConfiguration.Builder edited = routes.toBuilder().clearVirtualHosts();
    boolean changed = false;
    for (VirtualHost host : routes.getVirtualHostsList()) {
      VirtualHost then = old.get(host.getName());
      boolean putBack = then != null && names(host, cluster) && !names(then, cluster);
      edited.addVirtualHosts(putBack ? then : host);
      changed |= putBack;
    }
    return changed
        ? Optional.of(
            Resource.of(
                ResourceType.ROUTE, published.name(), edited.build(), published.provenance()))
        : Optional.empty();
  }

  private static boolean names(VirtualHost host, String cluster) {
    return host.getRoutesList().stream()
        .filter(Route::hasRoute)
        .map(Route::getRoute)
        .anyMatch(action -> names(action, cluster));
  }

  private static boolean names(RouteAction action, String cluster) {
    return action.getCluster().equals(cluster)
        || action.getWeightedClusters().getClustersList().stream()
            .map(WeightedCluster.ClusterWeight::getName)
            .anyMatch(cluster::equals)
        || action.getRequestMirrorPoliciesList().stream()
            .map(RouteAction.RequestMirrorPolicy::getCluster)
            .anyMatch(cluster::equals);
  }
}
