package dev.sluice.translate;

import static java.util.stream.Collectors.toList;

import dev.sluice.catalog.ServiceId;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.policy.attach.EffectivePolicy;
import dev.sluice.problem.Problem;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Gateway;
import dev.sluice.translate.GatewayPorts.GatewayPort;
import dev.sluice.translate.ListenerInput.GrpcListener;
import dev.sluice.translate.ListenerInput.HttpListener;
import dev.sluice.translate.ListenerInput.Side;
import dev.sluice.translate.ListenerInput.TcpListener;
import dev.sluice.translate.RouteConfigurations.Ports;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What one group of proxies is sent. A service is looked at by itself ({@link #ports}), so that one
 * that changes costs no other any work; what is a group's whatever its services is {@link #fixed};
 * {@link #routeConfiguration} puts virtual hosts together.
 */
public final class ProxyResources {
  private static final String LOOPBACK = "127.0.0.1";

  private final NodeGroup group;
  private final GatewayPorts gatewayPorts;
  private final Set<DocumentKey> gateways;

  /** The services that its gateways call, by the names of their assignments. */
  private final SortedMap<String, List<CalledService>> called;

  private ProxyResources(NodeGroup group, GatewayPorts gatewayPorts) {
    this.group = group;
    this.gatewayPorts = gatewayPorts;
    this.gateways = new HashSet<>();
    gatewayPorts.ports().values().forEach(port -> gateways.add(port.gateway()));
    this.called =
        gatewayPorts.ports().values().stream()
            .flatMap(port -> port.translation().called().stream())
            .distinct()
            .collect(Collectors.groupingBy(CalledService::assignment, TreeMap::new, toList()));
  }

  /**
   * The view of {@code group}.
   *
   * @param group the proxies
   * @param gateways all Gateway documents; of meaning to the role gateway only
   */
  public static ProxyResources of(NodeGroup group, SortedMap<DocumentKey, Gateway> gateways) {
    Collection<Gateway> listening = group.role() == Role.GATEWAY ? gateways.values() : List.of();
    return new ProxyResources(group, GatewayPorts.of(group, listening));
  }

  /** Whose translations {@link #ports} takes. */
  public ClientKind client() {
    return ClientKind.of(group.role());
  }

  /**
   * Whether the group is sent the service's port that {@code policy} is about, for requests; a TCP
   * port it is sent where it listens for its connections.
   */
  boolean sees(EffectivePolicy policy) {
    return switch (policy.protocol()) {
      case TCP -> false;
      case HTTP -> group.role() != Role.PROXYLESS && isAttached(policy);
      case HTTP2, GRPC -> isAttached(policy);
    };
  }

  private boolean isAttached(EffectivePolicy policy) {
    return switch (group.role()) {
      case GATEWAY ->
          policy.gateways().stream().anyMatch(exposed -> gateways.contains(exposed.gateway()));
      case SIDECAR, NODE, PROXYLESS ->
          policy.mesh()
              && (group.dependencies().isEmpty()
                  ? policy.service().namespace().equals(group.namespace())
                  : group.dependencies().contains(policy.service()));
    };
  }

  /**
   * What the group is sent for one service: an entry for each port that it sees.
   *
   * @param service translated for {@link #client}
   * @param others the services that {@link ServiceTranslation#mirrored} names, translated likewise
   */
  public List<PortResources> ports(
      ServiceTranslation service, Function<ServiceId, Optional<ServiceTranslation>> others) {
    List<PortResources> ports = new ArrayList<>();
    Optional<PortTranslation> firstTcp =
        service.ports().stream().filter(port -> port.tcp().isPresent()).findFirst();
    for (PortTranslation port : service.ports()) {
      Optional<PortResources> seen =
          port.tcp().isPresent()
              ? connections(port, firstTcp.filter(port::equals).isPresent())
              : requests(port, others);
      seen.or(() -> called(port)).ifPresent(ports::add);
    }
    return ports;
  }

  /** What the group is sent for a port that takes requests: nothing where it does not see it. */
  private Optional<PortResources> requests(
      PortTranslation unresolved, Function<ServiceId, Optional<ServiceTranslation>> others) {
    if (!sees(unresolved.policy())) {
      return Optional.empty();
    }
    if (client() == ClientKind.GRPC && unresolved.policy().upstreamTls().isPresent()) {
      return Optional.of(PortResources.none(Notes.needsTls(unresolved.policy())));
    }
    Mirrors.Resolved resolved = Mirrors.resolve(unresolved, others, other -> sees(other.policy()));
    PortTranslation port = resolved.port();
    return Optional.of(
        new PortResources(
            port.policy().attributions(),
            port.clusters(),
            assignments(port),
            virtualHosts(port),
            listeners(port),
            Stream.concat(resolved.problems().stream(), uncounted(port.policy())).toList()));
  }

  /** The Gateways whose listeners the group has. */
  public Set<DocumentKey> gateways() {
    return Set.copyOf(gateways);
  }

  /** What is told of limits that nobody counts at the group's gateways. */
  private Stream<Problem> uncounted(EffectivePolicy policy) {
    return gatewayPorts.ports().values().stream()
        .filter(port -> port.translation().settings().limits().isEmpty())
        .map(GatewayPort::gateway)
        .distinct()
        .filter(
            gateway ->
                policy.gateways().stream()
                    .filter(exposed -> exposed.gateway().equals(gateway))
                    .flatMap(exposed -> RateLimitDomain.limits(policy, exposed))
                    .findAny()
                    .isPresent())
        .map(gateway -> Notes.uncounted(policy, gateway));
  }

  /** The instances of a port that only the group's gateways call, for themselves. */
  private Optional<PortResources> called(PortTranslation port) {
    return isCalled(port)
        ? Optional.of(
            new PortResources(
                port.policy().attributions(),
                List.of(),
                List.of(port.whole()),
                new TreeMap<>(),
                List.of(),
                List.of()))
        : Optional.empty();
  }

  /** What the group is sent for a TCP port: nothing where it does not listen for it. */
  private Optional<PortResources> connections(PortTranslation port, boolean isFirst) {
    List<ListenerInput> listeners =
        port.tcp().map(to -> listeners(port.policy(), to, isFirst)).orElse(List.of());
    return listeners.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new PortResources(
                port.policy().attributions(),
                port.clusters(),
                assignments(port),
                new TreeMap<>(),
                listeners,
                List.of()));
  }

  /**
   * Where the group takes connections to a TCP port.
   *
   * @param isFirst whether the port is meant where none of its service is named
   */
  private List<ListenerInput> listeners(
      EffectivePolicy policy, TcpForwarding forwarding, boolean isFirst) {
    return switch (group.role()) {
      case PROXYLESS -> List.of();
      case GATEWAY ->
          gatewayPorts.tcp().entrySet().stream()
              .filter(each -> policy.listeners().contains(each.getValue()))
              .<ListenerInput>map(
                  each ->
                      new TcpListener(
                          Names.gatewayTcp(each.getKey(), policy),
                          "0.0.0.0",
                          each.getKey(),
                          TrafficDirection.INBOUND,
                          forwarding))
              .toList();
      case SIDECAR, NODE ->
          group.tcp().stream()
              .filter(tcp -> policy.mesh() && tcp.service().equals(policy.service()))
              .filter(
                  tcp ->
                      tcp.servicePort().isEmpty()
                          ? isFirst
                          : tcp.servicePort().getAsInt() == policy.port().number())
              .<ListenerInput>map(
                  tcp ->
                      new TcpListener(
                          Names.tcpListener(tcp.port()),
                          LOOPBACK,
                          tcp.port(),
                          TrafficDirection.OUTBOUND,
                          forwarding))
              .toList();
    };
  }

  private boolean isCalled(PortTranslation port) {
    return called.containsKey(port.whole().cluster());
  }

  /** The instances as the group is sent them; of all versions too where its gateways call them. */
  private List<AssignmentInput> assignments(PortTranslation port) {
    List<AssignmentInput> all = port.assignments(group.locality());
    AssignmentInput whole = port.whole();
    return !isCalled(port) || all.stream().anyMatch(one -> one.cluster().equals(whole.cluster()))
        ? all
        : Stream.concat(all.stream(), Stream.of(whole)).toList();
  }

  /**
   * What stands in the way of calling the services that the group's gateways call for themselves.
   *
   * @param services their translations, where they are known
   */
  public List<Problem> problems(Function<ServiceId, Optional<ServiceTranslation>> services) {
    return called.values().stream()
        .flatMap(List::stream)
        .flatMap(call -> Notes.uncallable(call, services.apply(call.service())).stream())
        .toList();
  }

  private SortedMap<String, List<VirtualHostInput>> virtualHosts(PortTranslation port) {
    SortedMap<String, List<VirtualHostInput>> hosts = new TreeMap<>();
    switch (group.role()) {
      case SIDECAR, NODE -> hosts.put(Names.OUTBOUND, mesh(port));
      case PROXYLESS -> hosts.put(Names.whole(port.policy()), mesh(port));
      case GATEWAY ->
          gatewayPorts
              .ports()
              .forEach(
                  (number, gateway) ->
                      hosts.put(
                          Names.gateway(number),
                          port.gatewayVirtualHosts(gateway.gateway(), gateway::covers)));
    }
    hosts.values().removeIf(List::isEmpty);
    return hosts;
  }

  private List<VirtualHostInput> mesh(PortTranslation port) {
    return List.of(port.meshVirtualHost(group.namespace()));
  }

  private List<ListenerInput> listeners(PortTranslation port) {
    return switch (group.role()) {
      case SIDECAR, NODE, GATEWAY -> List.of();
      case PROXYLESS ->
          port.meshDomains(group.namespace()).stream()
              .<ListenerInput>map(name -> new GrpcListener(name, Names.whole(port.policy())))
              .toList();
    };
  }

  /**
   * What the group is sent whichever services it sees.
   *
   * @param own the translation of the group's own service, where it is known
   */
  public GroupResources fixed(Optional<ServiceTranslation> own) {
    return switch (group.role()) {
      case SIDECAR -> Inbound.withOutbound(group, own);
      case NODE -> Inbound.outbound(group);
      case GATEWAY -> edge();
      case PROXYLESS -> new GroupResources(List.of(), List.of(), new TreeMap<>(), List.of());
    };
  }

  private GroupResources edge() {
    List<ListenerInput> listeners = new ArrayList<>();
    SortedMap<String, List<VirtualHost>> routes = new TreeMap<>();
    gatewayPorts
        .ports()
        .forEach(
            (port, gateway) -> {
              String name = Names.gateway(port);
              Side side = new Side.Edge(gateway.translation().settings(), gateway.chains());
              listeners.add(new HttpListener(name, name, "0.0.0.0", port, side, List.of()));
              routes.put(name, List.of());
            });
    return new GroupResources(listeners, calledClusters(), routes, gatewayPorts.problems());
  }

  /** Gateways that call one service for the same share its Cluster. */
  private List<Cluster> calledClusters() {
    SortedMap<String, Cluster> clusters = new TreeMap<>();
    called.values().stream()
        .flatMap(List::stream)
        .forEach(call -> clusters.put(call.cluster(), Clusters.called(call)));
    return List.copyOf(clusters.values());
  }

  /**
   * The RouteConfiguration of that name.
   *
   * @param name as {@link PortResources#virtualHosts} and {@link GroupResources} have it
   * @param hosts its virtual hosts, in any order
   */
  public AssembledRoutes routeConfiguration(String name, Collection<VirtualHost> hosts) {
    Ports ports = group.role() == Role.GATEWAY ? Ports.IGNORED : Ports.MATCHED;
    return RouteConfigurations.assemble(name, hosts, ports);
  }
}
