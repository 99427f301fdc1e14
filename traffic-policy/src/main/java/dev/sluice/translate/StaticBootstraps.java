package dev.sluice.translate;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap;
import io.envoyproxy.envoy.config.bootstrap.v3.Bootstrap.StaticResources;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.Collection;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Resources as one file that an Envoy loads without a management server, so that {@code envoy
 * --mode validate} judges them, unknown clusters in routes included.
 */
public final class StaticBootstraps {
  private StaticBootstraps() {}

  /**
   * The bootstrap that holds all of them: assignments within their Clusters, RouteConfigurations
   * within their Listeners. Listeners for gRPC clients are left out; Envoy has no use for them.
   */
  public static Bootstrap bootstrap(
      Collection<Cluster> clusters,
      Collection<ClusterLoadAssignment> assignments,
      Collection<RouteConfiguration> routes,
      Collection<Listener> listeners) {
    Map<String, ClusterLoadAssignment> endpoints =
        byName(assignments, ClusterLoadAssignment::getClusterName);
    Map<String, RouteConfiguration> tables = byName(routes, RouteConfiguration::getName);
    StaticResources.Builder resources = StaticResources.newBuilder();
    clusters.forEach(cluster -> resources.addClusters(inlined(cluster, endpoints)));
    listeners.stream()
        .filter(listener -> !listener.hasApiListener())
        .forEach(listener -> resources.addListeners(inlined(listener, tables)));
    return Bootstrap.newBuilder().setStaticResources(resources).build();
  }

  private static <T> Map<String, T> byName(Collection<T> resources, Function<T, String> name) {
    return resources.stream().collect(Collectors.toMap(name, Function.identity()));
  }

  private static Cluster inlined(Cluster cluster, Map<String, ClusterLoadAssignment> endpoints) {
    if (cluster.getType() != DiscoveryType.EDS) {
      return cluster;
    }
    ClusterLoadAssignment none =
        ClusterLoadAssignment.newBuilder().setClusterName(cluster.getName()).build();
    return cluster.toBuilder()
        .clearEdsClusterConfig()
        .setType(DiscoveryType.STATIC)
        .setLoadAssignment(endpoints.getOrDefault(cluster.getName(), none))
        .build();
  }

  private static Listener inlined(Listener listener, Map<String, RouteConfiguration> tables) {
    Listener.Builder inlined = listener.toBuilder();
    for (FilterChain.Builder chain : inlined.getFilterChainsBuilderList()) {
      for (Filter.Builder filter : chain.getFiltersBuilderList()) {
        if (filter.getTypedConfig().is(HttpConnectionManager.class)) {
          filter.setTypedConfig(Any.pack(inlined(manager(filter.getTypedConfig()), tables)));
        }
      }
    }
    return inlined.build();
  }

  private static HttpConnectionManager inlined(
      HttpConnectionManager manager, Map<String, RouteConfiguration> tables) {
    String name = manager.getRds().getRouteConfigName();
    RouteConfiguration none = RouteConfiguration.newBuilder().setName(name).build();
    return manager.toBuilder().setRouteConfig(tables.getOrDefault(name, none)).build();
  }

  private static HttpConnectionManager manager(Any packed) {
    try {
      return packed.unpack(HttpConnectionManager.class);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalArgumentException("a connection manager that cannot be read", e);
    }
  }
}
