package dev.sluice.translate;

import dev.sluice.policy.attach.RetryPolicy;
import dev.sluice.policy.attach.TimeoutPolicy;
import dev.sluice.spec.Route;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All that an {@code envoy.config.route.v3.VirtualHost} is made from.
 *
 * @param name {@code name.namespace|port}, unique within its RouteConfiguration
 * @param domains the hosts it answers to, sorted, unique, lower-cased
 * @param routes in order; the last one takes everything
 * @param retry when a request is tried again
 * @param timeouts how long a request may take
 * @param client who is sent it
 */
public record VirtualHostInput(
    String name,
    List<String> domains,
    List<RouteInput> routes,
    RetryPolicy retry,
    TimeoutPolicy timeouts,
    ClientKind client) {
  public VirtualHostInput {
    Objects.requireNonNull(name);
    domains = domains.stream().sorted().distinct().toList();
    routes = List.copyOf(routes);
    Objects.requireNonNull(retry);
    Objects.requireNonNull(timeouts);
    Objects.requireNonNull(client);
  }

  /**
   * Requests and the Clusters they go to.
   *
   * @param name {@code Route.name}, such as {@code orders.shop/testers}: what access logs tell
   * @param match any of these; empty for every request
   * @param clusters shares by name of the Cluster, 0 included, with a positive sum
   */
  public record RouteInput(String name, List<Route.Match> match, SortedMap<String, Long> clusters) {
    public RouteInput {
      Objects.requireNonNull(name);
      match = List.copyOf(match);
      clusters = Collections.unmodifiableSortedMap(new TreeMap<>(clusters));
    }
  }
}
