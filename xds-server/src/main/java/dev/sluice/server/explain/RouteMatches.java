package dev.sluice.server.explain;

import com.google.protobuf.BoolValue;
import dev.sluice.server.explain.Arrival.Client;
import dev.sluice.server.explain.Seen.Value;
import io.envoyproxy.envoy.config.core.v3.RuntimeFractionalPercent;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import java.util.ArrayList;
import java.util.List;

/** Whether a request is one that a {@code envoy.config.route.v3.RouteMatch} is for. */
final class RouteMatches {
  private static final Holds EVERY_PATH = Holds.yes("it takes every path");

  private RouteMatches() {}

  /** Each condition, the path's first. */
  static List<Holds> conditions(Seen seen, RouteMatch match, RouteConfiguration routes) {
    List<Holds> conditions = new ArrayList<>();
    if (!match.getUnknownFields().asMap().isEmpty()) {
      conditions.add(
          Holds.cannotTell("it has a condition that this version of Sluice does not know"));
    }
    conditions.add(path(seen, match, routes));
    if (match.hasRuntimeFraction()) {
      conditions.add(fraction(match.getRuntimeFraction()));
    }
    if (match.hasGrpc()) {
      conditions.add(grpc(seen));
    }
    match.getHeadersList().forEach(header -> conditions.add(HeaderMatches.match(seen, header)));
    if (match.getQueryParametersCount() > 0 && seen.arrival().client() == Client.GRPC) {
      conditions.add(Holds.no("gRPC passes over routes that match by query parameters"));
    } else {
      match
          .getQueryParametersList()
          .forEach(parameter -> conditions.add(QueryMatches.match(seen, parameter)));
    }
    if (match.hasTlsContext()) {
      conditions.add(Holds.cannotTell("it matches by the caller's certificate"));
    }
    if (match.getDynamicMetadataCount() > 0 || match.getFilterStateCount() > 0) {
      conditions.add(Holds.cannotTell("it matches by what other filters know of the request"));
    }
    if (conditions.size() > 1) {
      conditions.remove(EVERY_PATH); // It goes without saying.
    }
    return conditions;
  }

  private static Holds path(Seen seen, RouteMatch match, RouteConfiguration routes) {
    if (seen.doubt().isPresent()) {
      return Holds.cannotTell(seen.doubt().get());
    }
    if (seen.call().method().equals("CONNECT")) {
      return match.hasConnectMatcher()
          ? Holds.yes("the method is CONNECT")
          : Holds.cannotTell("whether a CONNECT has a path depends on its version of HTTP");
    }
    String path = seen.barePath();
    int semicolon = path.indexOf(';');
    if (routes.getIgnorePathParametersInPathMatching() && semicolon >= 0) {
      path = path.substring(0, semicolon);
    }
    boolean ignoringCase = match.hasCaseSensitive() && !isTrue(match.getCaseSensitive());
    return switch (match.getPathSpecifierCase()) {
      case PREFIX -> prefix(path, match.getPrefix(), ignoringCase);
      case PATH -> Texts.exact("the path", path, match.getPath(), ignoringCase);
      case SAFE_REGEX -> Texts.regex("the path", path, match.getSafeRegex().getRegex());
      case PATH_SEPARATED_PREFIX -> segments(path, match.getPathSeparatedPrefix(), ignoringCase);
      case CONNECT_MATCHER -> Holds.no("the method is not CONNECT");
      case PATH_MATCH_POLICY ->
          Holds.cannotTell("the path is matched by an extension, which Envoy alone knows");
      case PATHSPECIFIER_NOT_SET ->
          Holds.cannotTell("the path is matched in a way that is not known here");
    };
  }

  private static boolean isTrue(BoolValue value) {
    return value.getValue();
  }

  private static Holds prefix(String path, String prefix, boolean ignoringCase) {
    return prefix.equals("/") && path.startsWith("/")
        ? EVERY_PATH
        : Texts.compare("the path", path, "begin with", prefix, ignoringCase, String::startsWith);
  }

  private static Holds segments(String path, String prefix, boolean ignoringCase) {
    return Texts.compare(
        "the path",
        path,
        "lie under",
        prefix,
        ignoringCase,
        (text, wanted) ->
            text.startsWith(wanted)
                && (text.length() == wanted.length() || text.charAt(wanted.length()) == '/'));
  }

  /** Envoy compares with a number of its own for each request. */
  private static Holds fraction(RuntimeFractionalPercent runtime) {
    long of =
        switch (runtime.getDefaultValue().getDenominator()) {
          case HUNDRED, UNRECOGNIZED -> 100;
          case TEN_THOUSAND -> 10_000;
          case MILLION -> 1_000_000;
        };
    long taken = runtime.getDefaultValue().getNumerator();
    if (!runtime.getRuntimeKey().isEmpty()) {
      return Holds.cannotTell(
          "it takes a share of requests that the proxy's runtime key %s decides (%s unless set)"
              .formatted(runtime.getRuntimeKey(), percent(taken, of)));
    }
    if (taken == 0) {
      return Holds.no("it takes 0% of the requests");
    }
    return taken >= of
        ? Holds.yes("it takes 100% of the requests")
        : Holds.cannotTell("it takes " + percent(taken, of) + " of the requests, by chance");
  }

  private static String percent(long part, long of) {
    return Percentage.text(part, of);
  }

  private static Holds grpc(Seen seen) {
    return seen.isGrpc()
        ? Holds.yes("it is a call of gRPC")
        : switch (seen.header("content-type")) {
          case Value.Known _, Value.Several _, Value.Missing _ -> Holds.no("it is no call of gRPC");
          case Value.Unsure(String why) -> Holds.cannotTell(why);
        };
  }
}
