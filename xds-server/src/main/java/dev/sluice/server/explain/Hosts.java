package dev.sluice.server.explain;

import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiPredicate;

/**
 * Which virtual host a request is for ({@code VirtualHost.domains}): the exact domain, else the
 * longest {@code *.x}, else the longest {@code x.*}, else {@code *}. The order in which they stand
 * does not count, and case does not either.
 */
final class Hosts {
  private Hosts() {}

  /**
   * A virtual host that was found.
   *
   * @param host the virtual host
   * @param domain of its domains the one that is meant
   */
  record Found(VirtualHost host, String domain) {}

  /** The virtual host for requests of that authority; empty where there is none. */
  static Optional<Found> find(RouteConfiguration routes, String authority) {
    if (authority.isEmpty()) {
      return Optional.empty();
    }
    String host =
        Texts.lower(routes.getIgnorePortInHostMatching() ? withoutPort(authority) : authority);
    return exact(routes, host)
        .or(() -> wildcard(routes, host, "*", "", String::endsWith))
        .or(() -> wildcard(routes, host, "", "*", String::startsWith))
        .or(() -> exact(routes, "*"));
  }

  private static Optional<Found> exact(RouteConfiguration routes, String host) {
    for (VirtualHost each : routes.getVirtualHostsList()) {
      for (String domain : each.getDomainsList()) {
        if (domain.toLowerCase(Locale.ROOT).equals(host)) {
          return Optional.of(new Found(each, domain));
        }
      }
    }
    return Optional.empty();
  }

  /** The longest that fits; a wildcard stands for one character at least. */
  private static Optional<Found> wildcard(
      RouteConfiguration routes,
      String host,
      String before,
      String after,
      BiPredicate<String, String> fits) {
    Optional<Found> longest = Optional.empty();
    for (VirtualHost each : routes.getVirtualHostsList()) {
      for (String domain : each.getDomainsList()) {
        if (domain.length() < 2 || !domain.startsWith(before) || !domain.endsWith(after)) {
          continue;
        }
        String rest =
            domain
                .substring(before.length(), domain.length() - after.length())
                .toLowerCase(Locale.ROOT);
        boolean longer =
            longest.filter(found -> found.domain().length() >= domain.length()).isEmpty();
        if (longer && rest.length() < host.length() && fits.test(host, rest)) {
          longest = Optional.of(new Found(each, domain));
        }
      }
    }
    return longest;
  }

  /** The host without its port; an IPv6 address stands in brackets. */
  static String withoutPort(String authority) {
    int colon = authority.lastIndexOf(':');
    return colon < 0 || authority.lastIndexOf(']') > colon
        ? authority
        : authority.substring(0, colon);
  }
}
