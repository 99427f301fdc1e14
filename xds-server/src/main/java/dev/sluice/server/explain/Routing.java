package dev.sluice.server.explain;

import dev.sluice.server.explain.Holds.Answer;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import io.envoyproxy.envoy.config.route.v3.VirtualHost.TlsRequirementType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The way of a request through a RouteConfiguration, as Envoy goes it: the virtual host by the
 * host's name, then its routes from the first on until one matches.
 *
 * @param host the virtual host; empty where none is for the request
 * @param looked the routes that were looked at, in order; the last is the one that is taken, unless
 *     none is
 * @param problem why it cannot be told how the virtual host routes; empty where it can
 */
record Routing(Optional<Hosts.Found> host, List<Looked> looked, Optional<String> problem) {
  Routing {
    looked = List.copyOf(looked);
  }

  /**
   * A route that was looked at.
   *
   * @param route the route
   * @param answer whether it is for the request
   * @param conditions one by one
   */
  record Looked(Route route, Answer answer, List<Holds> conditions) {
    Looked {
      conditions = List.copyOf(conditions);
    }

    /** The conditions that decide it: the first that fails, those in doubt, or all. */
    List<String> because() {
      return switch (answer) {
        case YES -> conditions.stream().map(Holds::because).toList();
        case CANNOT_TELL -> with(Answer.CANNOT_TELL);
        case NO -> with(Answer.NO).subList(0, 1);
      };
    }

    private List<String> with(Answer wanted) {
      return conditions.stream()
          .filter(condition -> condition.answer() == wanted)
          .map(Holds::because)
          .toList();
    }
  }

  static Routing of(RouteConfiguration routes, Seen seen) {
    Optional<Hosts.Found> host = Hosts.find(routes, seen.authority());
    if (host.isEmpty()) {
      return new Routing(host, List.of(), unreadable(routes));
    }
    VirtualHost found = host.get().host();
    if (found.hasMatcher()) {
      return new Routing(
          host,
          List.of(),
          Optional.of(
              "the virtual host "
                  + found.getName()
                  + " routes by a tree of matchers, which Envoy"
                  + " alone knows"));
    }
    if (found.getRequireTls() != TlsRequirementType.NONE) {
      return new Routing(
          host,
          List.of(),
          Optional.of("the virtual host " + found.getName() + " asks for TLS in its own way"));
    }
    List<Looked> looked = new ArrayList<>();
    for (Route route : found.getRoutesList()) {
      List<Holds> conditions = RouteMatches.conditions(seen, route.getMatch(), routes);
      Answer answer = Holds.all(conditions);
      looked.add(new Looked(route, answer, conditions));
      if (answer == Answer.YES) {
        break;
      }
    }
    return new Routing(host, looked, Optional.empty());
  }

  private static Optional<String> unreadable(RouteConfiguration routes) {
    return routes.hasVhds()
        ? Optional.of("its virtual hosts come on demand, and none of this host has come")
        : Optional.empty();
  }

  /** The route that is taken for certain, or that is when none before it is. */
  Optional<Route> taken() {
    return looked.isEmpty() || looked.getLast().answer() != Answer.YES
        ? Optional.empty()
        : Optional.of(looked.getLast().route());
  }

  /** Routes of which it cannot be told whether they are taken, in order. */
  List<Looked> doubtful() {
    return looked.stream().filter(each -> each.answer() == Answer.CANNOT_TELL).toList();
  }
}
