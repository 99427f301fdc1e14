package dev.sluice.server.explain;

import dev.sluice.server.explain.Arrival.Client;
import dev.sluice.server.explain.Seen.Value;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a route does with a request ({@code Route.action}). */
sealed interface Destination {
  /**
   * It goes on to a cluster.
   *
   * @param shares of which cluster is picked how often; empty where none is named
   * @param path what is asked for instead; empty for what was asked
   * @param host by which name; empty for the caller's
   */
  record Forward(List<Share> shares, Optional<String> path, Optional<String> host)
      implements Destination {
    public Forward {
      shares = List.copyOf(shares);
    }

    long total() {
      return shares.stream().mapToLong(Share::weight).sum();
    }
  }

  /** The caller is told to go to {@code location}. */
  record Redirect(int status, String location) implements Destination {}

  /** The proxy answers. */
  record Answer(int status, String body) implements Destination {}

  /** A program has no use for the route: its calls fail. */
  record Failure(String because) implements Destination {}

  /** Only Envoy knows. */
  record Unknown(String because) implements Destination {}

  /** A cluster and its weight among the others. */
  record Share(String cluster, long weight) {}

  static Destination of(Route route, Seen seen) {
    return switch (route.getActionCase()) {
      case ROUTE -> forward(route, seen);
      case REDIRECT -> Redirects.of(route, seen);
      case DIRECT_RESPONSE ->
          new Answer(
              route.getDirectResponse().getStatus(),
              route.getDirectResponse().getBody().getInlineString());
      case NON_FORWARDING_ACTION ->
          new Failure("programs cannot answer or redirect calls by themselves: they fail");
      case FILTER_ACTION, ACTION_NOT_SET ->
          new Unknown("the route's action is one that Envoy alone knows");
    };
  }

  private static Destination forward(Route route, Seen seen) {
    RouteAction action = route.getRoute();
    List<Share> shares = new ArrayList<>();
    switch (action.getClusterSpecifierCase()) {
      case CLUSTER -> shares.add(new Share(action.getCluster(), 1));
      case WEIGHTED_CLUSTERS -> {
        for (WeightedCluster.ClusterWeight each : action.getWeightedClusters().getClustersList()) {
          if (!each.getClusterHeader().isEmpty()) {
            return new Unknown("its clusters are named by headers of the request");
          }
          shares.add(new Share(each.getName(), each.getWeight().getValue() & 0xffffffffL));
        }
      }
      case CLUSTER_HEADER -> {
        switch (seen.header(action.getClusterHeader())) {
          case Value.Known(String cluster) -> shares.add(new Share(cluster, 1));
          case Value.Several _ -> {
            return new Unknown("a header that is there several times names the cluster");
          }
          case Value.Missing() -> {}
          case Value.Unsure(String why) -> {
            return new Unknown(why + ", and it names the cluster");
          }
        }
      }
      case CLUSTER_SPECIFIER_PLUGIN, INLINE_CLUSTER_SPECIFIER_PLUGIN, CLUSTERSPECIFIER_NOT_SET -> {
        return new Unknown("its cluster is picked by an extension, which Envoy alone knows");
      }
    }
    if (seen.arrival().client() == Client.GRPC) {
      return new Forward(shares, Optional.empty(), Optional.empty());
    }
    return new Forward(shares, Rewrites.path(route, seen), host(action, seen));
  }

  private static Optional<String> host(RouteAction action, Seen seen) {
    return switch (action.getHostRewriteSpecifierCase()) {
      case HOST_REWRITE_LITERAL -> Optional.of(action.getHostRewriteLiteral());
      case HOST_REWRITE_HEADER ->
          seen.header(action.getHostRewriteHeader()) instanceof Value.Known(String host)
              ? Optional.of(host)
              : Optional.empty();
      case AUTO_HOST_REWRITE -> Optional.of("the instance's name");
      case HOST_REWRITE_PATH_REGEX -> Optional.of("a part of the path");
      case HOSTREWRITESPECIFIER_NOT_SET -> Optional.empty();
    };
  }
}
