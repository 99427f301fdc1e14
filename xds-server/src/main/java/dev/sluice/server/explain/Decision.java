package dev.sluice.server.explain;

import dev.sluice.node.Role;
import dev.sluice.server.explain.Entrances.Entrance;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.Optional;

/**
 * What one proxy does with a request, step by step; each step is empty where the one before led
 * nowhere.
 *
 * @param entrance where it comes in
 * @param routes the RouteConfiguration that holds there, as a resource or within the listener
 * @param seen the request as it is routed
 * @param routing its way through the routes
 * @param destination what the route does with it
 * @param problem why it cannot be told; empty where it can
 */
record Decision(
    Entrance entrance,
    Optional<Resource> routes,
    Optional<Seen> seen,
    Optional<Routing> routing,
    Optional<Destination> destination,
    Optional<String> problem) {

  static Decision of(Held held, Role role, Call call, Repeats repeats) {
    Entrance entrance = Entrances.find(held, role, call);
    if (entrance.arrival().isEmpty()) {
      return new Decision(entrance, none(), none(), none(), none(), none());
    }
    Arrival arrival = entrance.arrival().get();
    HttpConnectionManager manager = arrival.manager();
    Seen seen = Seen.of(call, arrival, repeats);
    return switch (manager.getRouteSpecifierCase()) {
      case RDS -> {
        Optional<Resource> routes =
            held.resource(ResourceType.ROUTE, manager.getRds().getRouteConfigName());
        yield routes
            .map(
                resource ->
                    decided(entrance, routes, seen, (RouteConfiguration) resource.message()))
            .orElseGet(
                () -> new Decision(entrance, none(), Optional.of(seen), none(), none(), none()));
      }
      case ROUTE_CONFIG -> decided(entrance, none(), seen, manager.getRouteConfig());
      case SCOPED_ROUTES, ROUTESPECIFIER_NOT_SET ->
          new Decision(
              entrance,
              none(),
              Optional.of(seen),
              none(),
              none(),
              Optional.of("the listener finds its routes in a way that is not known here"));
    };
  }

  private static Decision decided(
      Entrance entrance, Optional<Resource> routes, Seen seen, RouteConfiguration configuration) {
    Routing routing = Routing.of(configuration, seen);
    return new Decision(
        entrance,
        routes,
        Optional.of(seen),
        Optional.of(routing),
        routing.taken().map(route -> Destination.of(route, seen)),
        routing.problem());
  }

  private static <T> Optional<T> none() {
    return Optional.empty();
  }
}
