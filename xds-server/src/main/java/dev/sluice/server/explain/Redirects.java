package dev.sluice.server.explain;

import dev.sluice.server.explain.Arrival.Transport;
import dev.sluice.server.explain.Seen.Value;
import io.envoyproxy.envoy.config.route.v3.RedirectAction;
import io.envoyproxy.envoy.config.route.v3.Route;

/** Where callers are sent ({@code envoy.config.route.v3.RedirectAction}). */
final class Redirects {
  private Redirects() {}

  static Destination of(Route route, Seen seen) {
    RedirectAction action = route.getRedirect();
    int status =
        switch (action.getResponseCode()) {
          case MOVED_PERMANENTLY, UNRECOGNIZED -> 301;
          case FOUND -> 302;
          case SEE_OTHER -> 303;
          case TEMPORARY_REDIRECT -> 307;
          case PERMANENT_REDIRECT -> 308;
        };
    String scheme = scheme(action, seen);
    String port = action.getPortRedirect() == 0 ? "" : ":" + action.getPortRedirect();
    String host =
        action.getHostRedirect().isEmpty()
            ? host(seen, scheme, !port.isEmpty())
            : action.getHostRedirect();
    return new Destination.Redirect(status, scheme + "://" + host + port + path(route, seen));
  }

  private static String scheme(RedirectAction action, Seen seen) {
    if (action.getHttpsRedirect()) {
      return "https";
    }
    return action.getSchemeRedirect().isEmpty() ? own(seen) : action.getSchemeRedirect();
  }

  /** What the request says that it came by, where a proxy believes it. */
  private static String own(Seen seen) {
    if (seen.header("x-forwarded-proto") instanceof Value.Known(String told)
        && (told.equals("http") || told.equals("https"))) {
      return told;
    }
    return seen.arrival().transport() == Transport.TLS ? "https" : "http";
  }

  /** A port that goes without saying is left out where another scheme would make it another. */
  private static String host(Seen seen, String scheme, boolean otherPort) {
    String host = Hosts.withoutPort(seen.authority());
    String port = seen.authority().substring(host.length());
    String came =
        seen.header("x-forwarded-proto") instanceof Value.Known(String told) ? told : own(seen);
    boolean usual =
        (came.equals("https") && port.equals(":443"))
            || (came.equals("http") && port.equals(":80"));
    return otherPort || (usual && !scheme.equals(came)) ? host : seen.authority();
  }

  private static String path(Route route, Seen seen) {
    RedirectAction action = route.getRedirect();
    int mark = seen.path().indexOf('?');
    String query = mark < 0 || action.getStripQuery() ? "" : seen.path().substring(mark);
    String path =
        switch (action.getPathRewriteSpecifierCase()) {
          case PATH_REDIRECT ->
              action.getPathRedirect().contains("?")
                  ? action.getPathRedirect()
                  : action.getPathRedirect() + query;
          case PREFIX_REWRITE -> Rewrites.prefix(route.getMatch(), seen, action.getPrefixRewrite());
          case REGEX_REWRITE -> Rewrites.regex(seen, action.getRegexRewrite());
          case PATHREWRITESPECIFIER_NOT_SET -> seen.path();
        };
    int cut = action.getStripQuery() ? path.indexOf('?') : -1;
    return cut < 0 ? path : path.substring(0, cut);
  }
}
