package dev.sluice.translate;

import com.google.protobuf.BoolValue;
import dev.sluice.spec.Route.Match;
import dev.sluice.spec.Route.Method;
import dev.sluice.spec.Route.PathMatch;
import dev.sluice.spec.Route.ValueMatch;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Which requests a route is for ({@code envoy.config.route.v3.RouteMatch}). */
final class RouteMatches {
  private RouteMatches() {}

  /** Every request. */
  static RouteMatch any() {
    return withCase(RouteMatch.newBuilder().setPrefix("/")).build();
  }

  static RouteMatch of(Match match, ClientKind client) {
    RouteMatch.Builder route = withCase(RouteMatch.newBuilder());
    path(route, match.path(), client);
    methods(route, match.methods());
    match.headers().forEach(header -> route.addHeaders(ValueMatches.header(header)));
    for (ValueMatch query : match.query()) {
      if (Boolean.FALSE.equals(query.present())) {
        route.addHeaders(ValueMatches.absentQuery(query));
      } else {
        route.addQueryParameters(ValueMatches.query(query));
      }
    }
    match.cookies().forEach(cookie -> route.addHeaders(ValueMatches.cookie(cookie)));
    return route.build();
  }

  /** gRPC reads an unset {@code case_sensitive} as false, Envoy as true. */
  private static RouteMatch.Builder withCase(RouteMatch.Builder route) {
    return route.setCaseSensitive(BoolValue.of(true));
  }

  private static void path(RouteMatch.Builder route, @Nullable PathMatch path, ClientKind client) {
    if (path == null) {
      route.setPrefix("/");
    } else if (path.exact() != null) {
      route.setPath(path.exact());
    } else if (path.regex() != null) {
      route.setSafeRegex(RegexMatcher.newBuilder().setRegex(path.regex()));
    } else {
      segments(route, path.prefix() == null ? "/" : path.prefix(), client);
    }
  }

  private static void segments(RouteMatch.Builder route, String prefix, ClientKind client) {
    String segments = prefix.replaceFirst("/+$", "");
    if (segments.isEmpty()) {
      route.setPrefix("/");
    } else if (segments.indexOf('?') >= 0 || segments.indexOf('#') >= 0) {
      // No path has these, and path_separated_prefix refuses them.
      route.setPrefix(segments);
    } else {
      switch (client) {
        case ENVOY -> route.setPathSeparatedPrefix(segments);
        // gRPC would refuse path_separated_prefix.
        case GRPC ->
            route.setSafeRegex(
                RegexMatcher.newBuilder().setRegex(Patterns.literal(segments) + "(?:/.*)?"));
      }
    }
  }

  private static void methods(RouteMatch.Builder route, List<Method> methods) {
    if (!methods.isEmpty()) {
      String any = methods.stream().map(Method::name).sorted().collect(Collectors.joining("|"));
      StringMatcher matcher =
          methods.size() == 1
              ? StringMatcher.newBuilder().setExact(any).build()
              : ValueMatches.regex(any);
      route.addHeaders(HeaderMatcher.newBuilder().setName(":method").setStringMatch(matcher));
    }
  }
}
