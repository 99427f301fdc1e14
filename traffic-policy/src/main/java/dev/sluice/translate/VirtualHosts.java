package dev.sluice.translate;

import com.google.protobuf.Duration;
import dev.sluice.spec.Route.Match;
import dev.sluice.translate.VirtualHostInput.RouteInput;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.config.route.v3.WeightedCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;

/** Where the requests to a service go ({@code envoy.config.route.v3.VirtualHost}). */
public final class VirtualHosts {
  private VirtualHosts() {}

  /** The virtual host of {@code input}. */
  public static VirtualHost virtualHost(VirtualHostInput input) {
    VirtualHost.Builder host =
        VirtualHost.newBuilder().setName(input.name()).addAllDomains(input.domains());
    for (RouteInput route : input.routes()) {
      RouteAction action = action(route.clusters(), input);
      for (RouteMatch match : matches(route.match(), input.client())) {
        host.addRoutes(Route.newBuilder().setName(route.name()).setMatch(match).setRoute(action));
      }
    }
    return host.build();
  }

  /** Every request to the application beside a sidecar; the caller's proxy limits its time. */
  static VirtualHost inbound(int port) {
    String name = Names.inboundCluster(port);
    return VirtualHost.newBuilder()
        .setName(name)
        .addDomains("*")
        .addRoutes(
            Route.newBuilder()
                .setName(name)
                .setMatch(RouteMatches.any())
                .setRoute(
                    RouteAction.newBuilder()
                        .setCluster(name)
                        .setTimeout(Duration.getDefaultInstance())))
        .build();
  }

  private static List<RouteMatch> matches(List<Match> anyOf, ClientKind client) {
    if (anyOf.isEmpty()) {
      return List.of(RouteMatches.any());
    }
    List<RouteMatch> matches = new ArrayList<>();
    for (Match match : anyOf) {
      matches.add(RouteMatches.of(match, client));
    }
    return matches;
  }

  private static RouteAction action(SortedMap<String, Long> clusters, VirtualHostInput input) {
    RouteAction.Builder action = RouteAction.newBuilder();
    if (clusters.size() == 1) {
      action.setCluster(clusters.firstKey());
    } else {
      action.setWeightedClusters(weighted(clusters));
    }
    Timeouts.apply(action, input.timeouts(), input.client());
    Retries.of(input.retry()).ifPresent(action::setRetryPolicy);
    return action.build();
  }

  /** A weight is set also where it is 0: Envoy refuses one that is missing. */
  private static WeightedCluster weighted(SortedMap<String, Long> clusters) {
    WeightedCluster.Builder weighted = WeightedCluster.newBuilder();
    clusters.forEach(
        (name, weight) ->
            weighted.addClusters(
                WeightedCluster.ClusterWeight.newBuilder()
                    .setName(name)
                    .setWeight(Protos.uint32(weight))));
    return weighted.build();
  }
}
