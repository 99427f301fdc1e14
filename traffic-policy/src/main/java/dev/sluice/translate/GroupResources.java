package dev.sluice.translate;

import static java.util.stream.Collectors.toCollection;

import dev.sluice.problem.Problem;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a group of proxies is sent whichever services it sees.
 *
 * @param listeners where it takes requests
 * @param clusters Clusters that are not a service's: a sidecar's own application
 * @param routeConfigurations the names of its RouteConfigurations, which are there also without
 *     services, and those virtual hosts in them that are not a service's
 * @param problems what could not be built
 */
public record GroupResources(
    List<ListenerInput> listeners,
    List<Cluster> clusters,
    SortedMap<String, List<VirtualHost>> routeConfigurations,
    List<Problem> problems) {
  public GroupResources {
    listeners = List.copyOf(listeners);
    clusters = List.copyOf(clusters);
    routeConfigurations = Collections.unmodifiableSortedMap(new TreeMap<>(routeConfigurations));
    problems = List.copyOf(problems);
  }

  /** The secrets that its listeners need. */
  public SortedSet<SecretUse> secrets() {
    return listeners.stream().flatMap(ListenerInput::secrets).collect(toCollection(TreeSet::new));
  }

  /** The same with other listeners of the same names. */
  public GroupResources withListeners(List<ListenerInput> others) {
    return new GroupResources(others, clusters, routeConfigurations, problems);
  }

  /** The same with listeners over which nothing is laid. */
  public GroupResources withoutPatches() {
    return new GroupResources(
        listeners.stream().map(ListenerInput::withoutPatches).toList(),
        clusters,
        routeConfigurations,
        problems);
  }
}
