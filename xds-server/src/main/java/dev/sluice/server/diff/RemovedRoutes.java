package dev.sluice.server.diff;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotDiff;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster.ClusterWeight;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

/** The routes that a change takes away, with the requests that they have where that is known. */
final class RemovedRoutes {
  private RemovedRoutes() {}

  /** A route, with where it is. */
  private record Placed(String configuration, String host, Route route) {
    String text() {
      return "%s of virtual host %s in route configuration %s"
          .formatted(RemovedRoutes.text(route.getMatch()), host, configuration);
    }
  }

  static List<String> of(SnapshotDiff diff, Rates rates) {
    SnapshotDiff.Names names = diff.names(ResourceType.ROUTE);
    List<Placed> removed = new ArrayList<>();
    Stream.concat(names.changed().stream(), names.removed().stream())
        .forEach(
            name ->
                diff.before()
                    .resource(ResourceType.ROUTE, name)
                    .ifPresent(
                        before ->
                            add(before, diff.after().resource(ResourceType.ROUTE, name), removed)));
    if (removed.isEmpty()) {
      return List.of();
    }
    Map<String, Integer> users = users(diff.before());
    Map<String, Integer> losing = new HashMap<>();
    removed.forEach(one -> clusters(one.route()).forEach(it -> losing.merge(it, 1, Integer::sum)));
    Set<String> alone = new HashSet<>();
    losing.forEach(
        (cluster, count) -> {
          if (count == 1 && users.getOrDefault(cluster, 0) == 1) {
            alone.add(cluster);
          }
        });
    return removed.stream().map(one -> warning(one, rates, alone)).toList();
  }

  private static void add(Resource before, Optional<Resource> after, List<Placed> removed) {
    Map<String, VirtualHost> now = new HashMap<>();
    after.ifPresent(it -> hosts(it).forEach(host -> now.put(host.getName(), host)));
    for (VirtualHost host : hosts(before)) {
      VirtualHost successor = now.get(host.getName());
      if (host.equals(successor)) {
        continue;
      }
      Set<RouteMatch> left = new HashSet<>();
      if (successor != null) {
        successor.getRoutesList().forEach(route -> left.add(route.getMatch()));
      }
      host.getRoutesList().stream()
          .filter(route -> !left.contains(route.getMatch()))
          .forEach(route -> removed.add(new Placed(before.name(), host.getName(), route)));
    }
  }

  private static List<VirtualHost> hosts(Resource resource) {
    return ((RouteConfiguration) resource.message()).getVirtualHostsList();
  }

  private static Map<String, Integer> users(Snapshot snapshot) {
    Map<String, Integer> users = new HashMap<>();
    snapshot
        .resources(ResourceType.ROUTE)
        .values()
        .forEach(
            resource ->
                hosts(resource).stream()
                    .flatMap(host -> host.getRoutesList().stream())
                    .flatMap(RemovedRoutes::clusters)
                    .forEach(cluster -> users.merge(cluster, 1, Integer::sum)));
    return users;
  }

  private static Stream<String> clusters(Route route) {
    RouteAction action = route.getRoute();
    return action.hasWeightedClusters()
        ? action.getWeightedClusters().getClustersList().stream().map(ClusterWeight::getName)
        : Stream.of(action.getCluster()).filter(name -> !name.isEmpty());
  }

  private static String warning(Placed one, Rates rates, Set<String> alone) {
    List<String> clusters = clusters(one.route()).distinct().toList();
    long requests = 0;
    boolean known = false;
    for (String cluster : clusters) {
      OptionalLong rate = rates.ofMinute(cluster);
      known |= rate.isPresent();
      requests += rate.orElse(0);
    }
    if (!known) {
      return "removes the route " + one.text();
    }
    return alone.containsAll(clusters)
        ? "removes the route that some %,d requests a minute use: %s"
            .formatted(requests, one.text())
        : "removes the route %s; %s, where it leads, has some %,d requests a minute by this and other routes"
            .formatted(one.text(), String.join(", ", clusters), requests);
  }

  private static String text(RouteMatch match) {
    String path =
        switch (match.getPathSpecifierCase()) {
          case PREFIX -> match.getPrefix();
          case PATH -> match.getPath() + " (exact)";
          case PATH_SEPARATED_PREFIX -> match.getPathSeparatedPrefix() + " (prefix)";
          case SAFE_REGEX -> "~" + match.getSafeRegex().getRegex();
          case CONNECT_MATCHER -> "CONNECT";
          case PATH_MATCH_POLICY -> "by " + match.getPathMatchPolicy().getName();
          case PATHSPECIFIER_NOT_SET -> "any";
        };
    int more = match.getHeadersCount() + match.getQueryParametersCount();
    return more == 0 ? path : path + " (and %d more conditions)".formatted(more);
  }
}
