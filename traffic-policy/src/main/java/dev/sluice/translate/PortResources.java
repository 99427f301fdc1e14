package dev.sluice.translate;

import static java.util.stream.Collectors.toCollection;

import dev.sluice.policy.attach.Attribution;
import dev.sluice.problem.Problem;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What one group of proxies is sent for one port of one service.
 *
 * @param attributions the documents it came from, in order of precedence; empty when all is default
 * @param clusters the Clusters
 * @param assignments their instances, one for each Cluster
 * @param virtualHosts by the name of the RouteConfiguration that holds them
 * @param listeners those that are the port's own, as gRPC clients have them
 * @param problems what could not be built
 */
public record PortResources(
    List<Attribution> attributions,
    List<ClusterInput> clusters,
    List<AssignmentInput> assignments,
    SortedMap<String, List<VirtualHostInput>> virtualHosts,
    List<ListenerInput> listeners,
    List<Problem> problems) {
  public PortResources {
    attributions = List.copyOf(attributions);
    clusters = List.copyOf(clusters);
    assignments = List.copyOf(assignments);
    virtualHosts = Collections.unmodifiableSortedMap(new TreeMap<>(virtualHosts));
    listeners = List.copyOf(listeners);
    problems = List.copyOf(problems);
  }

  /** Nothing, and why. */
  static PortResources none(Problem why) {
    return new PortResources(
        List.of(), List.of(), List.of(), new TreeMap<>(), List.of(), List.of(why));
  }

  /** The secrets that its Clusters need. */
  public SortedSet<SecretUse> secrets() {
    return clusters.stream().flatMap(ClusterInput::secrets).collect(toCollection(TreeSet::new));
  }

  /** The same with other Clusters of the same names. */
  public PortResources withClusters(List<ClusterInput> others) {
    return new PortResources(attributions, others, assignments, virtualHosts, listeners, problems);
  }

  /** The same with other instances. */
  public PortResources withAssignments(List<AssignmentInput> others) {
    return new PortResources(attributions, clusters, others, virtualHosts, listeners, problems);
  }
}
