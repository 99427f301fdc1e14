package dev.sluice.translate;

import dev.sluice.catalog.Locality;
import dev.sluice.policy.attach.EffectivePolicy;
import dev.sluice.policy.attach.LocalityPolicy;
import dev.sluice.spec.DocumentKey;
import dev.sluice.translate.VirtualHostInput.Entrance;
import dev.sluice.translate.VirtualHostInput.RouteInput;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * @param assignments their instances, one for each Cluster that has them from one; {@link
 *     #assignments(Locality)} has them as a caller is sent them
 * @param mainCluster name of the Cluster with the largest share of the split
 * @param whole all instances: one of the assignments where there is a Cluster of all versions
 * @param routes the exceptions in order, and the split last; empty for TCP
 * @param gateways the routes under the hosts at gateways, which may have exceptions of their own
 * @param tcp where its connections go; empty unless it is TCP
 * @param domains the hosts under which every caller in the mesh knows it
 * @param localDomains the hosts under which callers of its own namespace know it, besides
 * @param instancePorts ports of the instances themselves
 */
public record PortTranslation(
    EffectivePolicy policy,
    ClientKind client,
    List<ClusterInput> clusters,
    List<AssignmentInput> assignments,
    String mainCluster,
    AssignmentInput whole,
    List<RouteInput> routes,
    List<GatewayRoutes> gateways,
    Optional<TcpForwarding> tcp,
    List<String> domains,
    List<String> localDomains,
    SortedSet<Integer> instancePorts) {
  public PortTranslation {
    Objects.requireNonNull(policy);
    Objects.requireNonNull(client);
    clusters = List.copyOf(clusters);
    assignments = List.copyOf(assignments);
    Objects.requireNonNull(mainCluster);
    Objects.requireNonNull(whole);
    routes = List.copyOf(routes);
    gateways = List.copyOf(gateways);
    Objects.requireNonNull(tcp);
    domains = List.copyOf(domains);
    localDomains = List.copyOf(localDomains);
    instancePorts = Collections.unmodifiableSortedSet(new TreeSet<>(instancePorts));
  }

  PortTranslation withRoutes(List<RouteInput> others, List<GatewayRoutes> atGateways) {
    return new PortTranslation(
        policy,
        client,
        clusters,
        assignments,
        mainCluster,
        whole,
        others,
        atGateways,
        tcp,
        domains,
        localDomains,
        instancePorts);
  }

  /** The instances of each Cluster as callers that run at {@code caller} are sent them. */
  List<AssignmentInput> assignments(Locality caller) {
    return switch (policy.cluster().locality()) {
      case LocalityPolicy.None _, LocalityPolicy.Weighted _ -> assignments;
      case LocalityPolicy.Failover failover ->
          assignments.stream().map(each -> Localities.nearest(each, failover, caller)).toList();
    };
  }

  /** Every virtual host of the port, at gateways and as callers of its own namespace have it. */
  public List<VirtualHostInput> virtualHosts() {
    List<VirtualHostInput> all = new ArrayList<>();
    if (policy.mesh() && !routes.isEmpty()) {
      all.add(meshVirtualHost(policy.service().namespace()));
    }
    gateways.stream()
        .map(GatewayRoutes::gateway)
        .distinct()
        .forEach(gateway -> all.addAll(gatewayVirtualHosts(gateway, _ -> true)));
    return all;
  }

  /** The virtual host as callers of {@code namespace} have it. */
  VirtualHostInput meshVirtualHost(String namespace) {
    return new VirtualHostInput(
        Names.whole(policy),
        meshDomains(namespace),
        routes,
        policy.requests(),
        client,
        Entrance.MESH);
  }

  /** The hosts under which callers of {@code namespace} know the port. */
  List<String> meshDomains(String namespace) {
    List<String> all = new ArrayList<>(domains);
    if (namespace.equals(policy.service().namespace())) {
      all.addAll(localDomains);
    }
    return all;
  }

  /**
   * The virtual hosts under those of its hosts at {@code gateway} that are {@code covered}: one for
   * all hosts of equal routes.
   */
  List<VirtualHostInput> gatewayVirtualHosts(DocumentKey gateway, Predicate<String> covered) {
    Map<List<RouteInput>, SortedSet<String>> hosts = new LinkedHashMap<>();
    for (GatewayRoutes exposed : gateways) {
      if (exposed.gateway().equals(gateway)) {
        exposed.hosts().stream()
            .filter(covered)
            .forEach(
                host -> hosts.computeIfAbsent(exposed.routes(), _ -> new TreeSet<>()).add(host));
      }
    }
    String name = Names.whole(policy);
    List<VirtualHostInput> all = new ArrayList<>();
    hosts.forEach(
        (own, names) ->
            all.add(
                new VirtualHostInput(
                    own.equals(routes) ? name : name + "|" + names.getFirst(),
                    List.copyOf(names),
                    own,
                    policy.requests(),
                    client,
                    Entrance.GATEWAY)));
    return all;
  }

  /**
   * The routes under some hosts at a gateway.
   *
   * @param gateway the Gateway document
   * @param hosts lower-cased
   * @param routes the exceptions in order, and the split last
   */
  public record GatewayRoutes(DocumentKey gateway, List<String> hosts, List<RouteInput> routes) {
    public GatewayRoutes {
      Objects.requireNonNull(gateway);
      hosts = List.copyOf(hosts);
      routes = List.copyOf(routes);
    }
  }
}
