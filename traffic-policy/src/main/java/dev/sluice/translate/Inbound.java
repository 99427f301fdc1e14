package dev.sluice.translate;

import dev.sluice.catalog.Protocol;
import dev.sluice.node.InboundPort;
import dev.sluice.node.NodeGroup;
import dev.sluice.policy.attach.EffectivePolicy;
import dev.sluice.spec.Envoy;
import dev.sluice.spec.Tree;
import dev.sluice.translate.ListenerInput.HttpListener;
import dev.sluice.translate.ListenerInput.Side;
import dev.sluice.translate.ListenerInput.TcpListener;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** The listeners beside an application: for the calls it makes, and for the calls to it. */
final class Inbound {
  private Inbound() {}

  static GroupResources outbound(NodeGroup group) {
    return new GroupResources(
        List.of(outboundListener(group, List.of())), List.of(), outboundRoutes(), List.of());
  }

  static GroupResources withOutbound(NodeGroup group, Optional<ServiceTranslation> own) {
    List<ListenerInput> listeners = new ArrayList<>();
    listeners.add(outboundListener(group, outboundPatches(own)));
    SortedMap<Integer, Cluster> clusters = new TreeMap<>();
    SortedMap<String, List<VirtualHost>> routes = outboundRoutes();
    for (InboundPort inbound : group.inbound()) {
      Optional<EffectivePolicy> policy = policy(inbound, own);
      Protocol protocol = policy.map(EffectivePolicy::protocol).orElse(Protocol.HTTP);
      String name = Names.inboundListener(inbound.port());
      clusters.put(inbound.to(), Clusters.inbound(inbound.to(), protocol));
      if (protocol == Protocol.TCP) {
        var forwarding = TcpForwarding.toApplication(Names.inboundCluster(inbound.to()));
        listeners.add(
            new TcpListener(name, "0.0.0.0", inbound.port(), TrafficDirection.INBOUND, forwarding));
      } else {
        listeners.add(
            new HttpListener(
                name, name, "0.0.0.0", inbound.port(), new Side.Inbound(), inboundPatches(policy)));
        routes.put(
            name,
            List.of(
                VirtualHosts.inbound(inbound.to(), policy.flatMap(EffectivePolicy::inboundLimit))));
      }
    }
    return new GroupResources(listeners, List.copyOf(clusters.values()), routes, List.of());
  }

  private static ListenerInput outboundListener(NodeGroup group, List<Tree> patches) {
    return new HttpListener(
        Names.OUTBOUND,
        Names.OUTBOUND,
        "127.0.0.1",
        group.outboundPort(),
        new Side.Outbound(),
        patches);
  }

  private static List<Tree> inboundPatches(Optional<EffectivePolicy> policy) {
    return policy.map(it -> it.envoy().ofListeners(Envoy.Side.INBOUND)).orElse(List.of());
  }

  /** What any port of the service says, once. */
  private static List<Tree> outboundPatches(Optional<ServiceTranslation> own) {
    return own.map(ServiceTranslation::ports).orElse(List.of()).stream()
        .flatMap(port -> port.policy().envoy().ofListeners(Envoy.Side.OUTBOUND).stream())
        .distinct()
        .toList();
  }

  private static SortedMap<String, List<VirtualHost>> outboundRoutes() {
    SortedMap<String, List<VirtualHost>> routes = new TreeMap<>();
    routes.put(Names.OUTBOUND, List.of());
    return routes;
  }

  /**
   * What holds for the application: as for the port of its service that the sidecar stands for,
   * told by the instances' ports, else the service's, else its first one.
   */
  private static Optional<EffectivePolicy> policy(
      InboundPort inbound, Optional<ServiceTranslation> own) {
    List<PortTranslation> ports = own.map(ServiceTranslation::ports).orElse(List.of());
    return first(ports, port -> port.instancePorts().contains(inbound.port()))
        .or(() -> first(ports, port -> port.instancePorts().contains(inbound.to())))
        .or(() -> first(ports, port -> port.policy().port().number() == inbound.to()))
        .or(() -> first(ports, _ -> true));
  }

  private static Optional<EffectivePolicy> first(
      List<PortTranslation> ports, Predicate<PortTranslation> wanted) {
    return ports.stream().filter(wanted).map(PortTranslation::policy).findFirst();
  }
}
