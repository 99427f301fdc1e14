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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

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
    Map<String, VirtualHost> old =
        before
            .resource(ResourceType.ROUTE, published.name())
            .map(resource -> hosts((RouteConfiguration) resource.message()))
            .orElse(Map.of());
    Predicate<VirtualHost> putBack =
        host -> {
          VirtualHost then = old.get(host.getName());
          return then != null && names(host, cluster) && !names(then, cluster);
        };
    if (routes.getVirtualHostsList().stream().noneMatch(putBack)) {
      return Optional.empty();
    }
    return Optional.of(
        replaced(
            published,
            host ->
                Optional.of(putBack.test(host) ? old.getOrDefault(host.getName(), host) : host)));
  }

  /**
   * {@code published} with another host, or none, in the place of some. Such a host gives up the
   * domains that those have which stay: a domain of two hosts would have all of it refused.
   *
   * @param instead what stands for a host: itself where it stays
   */
  static Resource replaced(
      Resource published, Function<VirtualHost, Optional<VirtualHost>> instead) {
    RouteConfiguration routes = (RouteConfiguration) published.message();
    Set<String> taken = new HashSet<>();
    for (VirtualHost host : routes.getVirtualHostsList()) {
      if (instead.apply(host).equals(Optional.of(host))) {
        taken.addAll(host.getDomainsList());
      }
    }
    RouteConfiguration.Builder edited = routes.toBuilder().clearVirtualHosts();
    for (VirtualHost host : routes.getVirtualHostsList()) {
      Optional<VirtualHost> other = instead.apply(host);
      if (other.equals(Optional.of(host))) {
        edited.addVirtualHosts(host);
      } else {
        other.flatMap(it -> withoutDomains(it, taken)).ifPresent(edited::addVirtualHosts);
      }
    }
    return published.with(edited.build());
  }

  /** The virtual hosts by their names. */
  static Map<String, VirtualHost> hosts(RouteConfiguration routes) {
    Map<String, VirtualHost> hosts = new HashMap<>();
    routes.getVirtualHostsList().forEach(host -> hosts.put(host.getName(), host));
    return hosts;
  }

  private static Optional<VirtualHost> withoutDomains(VirtualHost host, Set<String> taken) {
    List<String> left =
        host.getDomainsList().stream().filter(domain -> !taken.contains(domain)).toList();
    if (left.size() == host.getDomainsCount()) {
      return Optional.of(host);
    }
    return left.isEmpty()
        ? Optional.empty()
        : Optional.of(host.toBuilder().clearDomains().addAllDomains(left).build());
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
