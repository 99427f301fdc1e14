package dev.sluice.translate;

import dev.sluice.policy.attach.EffectivePolicy;
import dev.sluice.spec.DocumentKey;
import dev.sluice.translate.VirtualHostInput.RouteInput;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * One port of a service as inputs of protos, the same for every group of proxies of a kind.
 *
 * @param policy what holds for calls to the port
 * @param client who is sent it
 * @param clusters the Clusters
 * @param assignments their instances, one for each Cluster
 * @param routes the exceptions in order, and the split last; empty for TCP
 * @param domains the hosts under which every caller in the mesh knows it
 * @param localDomains the hosts under which callers of its own namespace know it, besides
 * @param instancePorts ports of the instances themselves
 */
public record PortTranslation(
    EffectivePolicy policy,
    ClientKind client,
    List<ClusterInput> clusters,
    List<AssignmentInput> assignments,
    List<RouteInput> routes,
    List<String> domains,
    List<String> localDomains,
    SortedSet<Integer> instancePorts) {
  public PortTranslation {
    Objects.requireNonNull(policy);
    Objects.requireNonNull(client);
    clusters = List.copyOf(clusters);
    assignments = List.copyOf(assignments);
    routes = List.copyOf(routes);
    domains = List.copyOf(domains);
    localDomains = List.copyOf(localDomains);
    instancePorts = Collections.unmodifiableSortedSet(new TreeSet<>(instancePorts));
  }

  /** The virtual host as callers of {@code namespace} have it. */
  VirtualHostInput meshVirtualHost(String namespace) {
    return virtualHost(meshDomains(namespace));
  }

  /** The hosts under which callers of {@code namespace} know the port. */
  List<String> meshDomains(String namespace) {
    List<String> all = new ArrayList<>(domains);
    if (namespace.equals(policy.service().namespace())) {
      all.addAll(localDomains);
    }
    return all;
  }

  /** The virtual host under those of its hosts at {@code gateway} that are {@code covered}. */
  Optional<VirtualHostInput> gatewayVirtualHost(DocumentKey gateway, Predicate<String> covered) {
    List<String> hosts =
        policy.gateways().stream()
            .filter(exposed -> exposed.gateway().equals(gateway))
            .flatMap(exposed -> exposed.hosts().stream())
            .filter(covered)
            .toList();
    return hosts.isEmpty() ? Optional.empty() : Optional.of(virtualHost(hosts));
  }

  private VirtualHostInput virtualHost(List<String> hosts) {
    return new VirtualHostInput(
        Names.whole(policy), hosts, routes, policy.retry(), policy.timeouts(), client);
  }
}
