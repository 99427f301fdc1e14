package dev.sluice.translate;

import com.google.protobuf.Duration;
import dev.sluice.policy.attach.LocalLimitPolicy;
import dev.sluice.spec.Route.Match;
import dev.sluice.translate.VirtualHostInput.RouteInput;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteAction;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where the requests to a service go ({@code envoy.config.route.v3.VirtualHost}). */
public final class VirtualHosts {
  private VirtualHosts() {}

  /** The virtual host of {@code input}. */
  public static VirtualHost virtualHost(VirtualHostInput input) {
    VirtualHost.Builder host =
        VirtualHost.newBuilder()
            .setName(input.name())
            .addAllDomains(input.domains())
            .putAllTypedPerFilterConfig(
                FilterConfigs.ofService(input.name(), input.requests(), input.client()));
    if (input.isCounted()) {
      host.addAllRateLimits(GlobalLimits.of(input.requests().globalLimits()));
    }
    for (RouteInput route : input.routes()) {
      for (RouteMatch match : matches(route.match(), input.client())) {
        host.addAllRoutes(RouteActions.routes(route, match, input));
      }
    }
    return host.build();
  }

  /** Every request to the application beside a sidecar; the caller's proxy limits its time. */
  static VirtualHost inbound(int port, Optional<LocalLimitPolicy> limit) {
    String name = Names.inboundCluster(port);
    return VirtualHost.newBuilder()
        .setName(name)
        .addDomains("*")
        .putAllTypedPerFilterConfig(FilterConfigs.inbound(name, limit))
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
}
