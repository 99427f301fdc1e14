package dev.sluice.policy.validate;

import dev.sluice.catalog.Protocol;
import dev.sluice.spec.BlueGreen;
import dev.sluice.spec.Route;
import dev.sluice.spec.Route.Match;
import dev.sluice.spec.Route.PathMatch;
import dev.sluice.spec.Route.To;
import dev.sluice.spec.TrafficPolicySpec;
import java.util.List;

/** {@code spec.routes}. */
final class RouteRules {
  private RouteRules() {}

  static void check(At spec, TrafficPolicySpec policy) {
    At at = spec.key("routes");
    List<Route> routes = policy.routes();
    if (routes.isEmpty() || !at.legible()) {
      return;
    }
    if (policy.protocol() == Protocol.TCP) {
      at.error("protocol tcp has no requests to route; remove the routes, or correct the protocol");
    }
    for (int i = 0; i < routes.size(); i++) {
      Route route = routes.get(i);
      name(at.index(i).key("name"), route.name());
      matches(at.index(i).key("match"), route.match());
      if (route.to() != null && spec.key("versions").legible()) {
        to(at.index(i).key("to"), route.to(), VersionNames.of(policy.versions()));
      }
      RouteActionRules.check(at.index(i), route);
      ResilienceRules.route(at.index(i), route, policy);
      HashKeys.check(at.index(i).key("hash"), route.hash());
      RequestRules.route(spec, policy, at.index(i), route);
    }
    Names.unique(at, routes, Route::name, "name", "route");
  }

  private static void name(At at, String name) {
    Names.dnsLabel(at, name);
    if (name.equals(BlueGreen.Preview.ROUTE)) {
      at.error("\"" + name + "\" is the route of a rollout's preview; choose another name");
    }
  }

  private static void to(At at, To to, VersionNames names) {
    boolean weights = !to.weights().isEmpty();
    if ((to.version() != null) == weights) {
      at.error(
          weights
              ? "has both version and weights; keep one of them"
              : "is empty; write {version: NAME} or {weights: {NAME: 100}}");
      return;
    }
    if (to.version() != null) {
      names.known(at.key("version"), to.version());
    } else {
      names.weights(at.key("weights"), to.weights());
    }
  }

  private static void matches(At at, List<Match> matches) {
    if (matches.isEmpty()) {
      at.error("a route needs a match; write such as [{path: {prefix: /admin}}]");
    }
    for (int i = 0; i < matches.size(); i++) {
      match(at.index(i), matches.get(i));
    }
  }

  private static void match(At at, Match match) {
    PathMatch path = match.path();
    if (path != null) {
      path(at.key("path"), path);
    }
    ValueRules.headers(at.key("headers"), match.headers());
    ValueRules.query(at.key("query"), match.query());
    ValueRules.cookies(at.key("cookies"), match.cookies());
    Names.unique(at.key("methods"), match.methods(), Object::toString, "", "method");
    boolean conditions =
        path != null
            || !match.methods().isEmpty()
            || !match.headers().isEmpty()
            || !match.query().isEmpty()
            || !match.cookies().isEmpty();
    if (!conditions) {
      at.error("has no condition; to match every request write path: {prefix: /}");
    }
  }

  private static void path(At at, PathMatch path) {
    if (!OneOf.exactlyOne(
        at,
        List.of("exact", "prefix", "regex"),
        path.exact() != null,
        path.prefix() != null,
        path.regex() != null)) {
      return;
    }
    if (path.exact() != null) {
      literal(at.key("exact"), path.exact());
    }
    if (path.prefix() != null) {
      literal(at.key("prefix"), path.prefix());
    }
    if (path.regex() != null) {
      Regexes.check(at.key("regex"), path.regex());
    }
  }

  private static void literal(At at, String path) {
    if (!path.startsWith("/")) {
      at.error("\"" + path + "\" must begin with \"/\"");
    } else if (path.indexOf('?') >= 0 || path.indexOf('#') >= 0) {
      at.error(
          "\""
              + path
              + "\" holds a query or fragment; a path has neither (match a query by query)");
    }
  }
}
