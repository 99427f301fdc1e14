package dev.sluice.policy.attach;

import dev.sluice.catalog.Protocol;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.ServicePort;
import dev.sluice.policy.attach.EffectiveRoute.Action;
import dev.sluice.spec.DocumentKey;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What holds for calls to one port of one service: all policies merged, every default filled in.
 *
 * @param service the service that is called
 * @param port the port that is called
 * @param protocol what it speaks, decided from policy, source, port name
 * @param mesh whether sidecars, node proxies and gRPC clients are sent it
 * @param gateways the gateways that expose it, with the hosts they do so under, sorted; a gateway
 *     stands there once for each policy that attaches hosts to it
 * @param listeners those of gateways whose connections go to it, sorted; none unless it is TCP
 * @param versions as declared; empty where the service is one whole
 * @param split how calls are divided among the versions
 * @param degraded what is answered instead of the split; empty while the kill switch is off
 * @param routes exceptions to the split in the mesh, in order; {@link GatewayHosts} have theirs
 * @param cluster how the service's instances are called where no version overrides it
 * @param requests how requests are treated on their way where no route says otherwise
 * @param inboundLimit how many requests the proxy beside an instance lets through; empty for no
 *     limit
 * @param upstreamTls over which TLS the instances are called; empty for none
 * @param statPrefix what the statistics of its Clusters are named by; empty for their names
 * @param envoy what is laid over the messages that Envoys are sent
 * @param backends instances that the policy itself names; empty for the catalog's
 * @param overrides instances that people took out of traffic, or into it, by hand
 * @param attributions which documents this came from, those of the highest precedence first: the
 *     service's policies, then the namespace's; empty when all is default
 */
public record EffectivePolicy(
    ServiceId service,
    ServicePort port,
    Protocol protocol,
    boolean mesh,
    List<GatewayHosts> gateways,
    List<GatewayListener> listeners,
    List<EffectiveVersion> versions,
    EffectiveSplit split,
    Optional<Action.Respond> degraded,
    List<EffectiveRoute> routes,
    ClusterPolicy cluster,
    RequestPolicy requests,
    Optional<LocalLimitPolicy> inboundLimit,
    Optional<UpstreamTlsPolicy> upstreamTls,
    Optional<String> statPrefix,
    EnvoyPatches envoy,
    List<EffectiveBackend> backends,
    List<EffectiveOverride> overrides,
    List<Attribution> attributions) {
  public EffectivePolicy {
    Objects.requireNonNull(service);
    Objects.requireNonNull(port);
    Objects.requireNonNull(protocol);
    Objects.requireNonNull(split);
    Objects.requireNonNull(degraded);
    Objects.requireNonNull(cluster);
    Objects.requireNonNull(requests);
    Objects.requireNonNull(inboundLimit);
    Objects.requireNonNull(upstreamTls);
    Objects.requireNonNull(statPrefix);
    Objects.requireNonNull(envoy);
    gateways = List.copyOf(gateways);
    listeners = List.copyOf(listeners);
    versions = List.copyOf(versions);
    routes = List.copyOf(routes);
    backends = List.copyOf(backends);
    overrides = List.copyOf(overrides);
    attributions = List.copyOf(attributions);
  }

  /**
   * A gateway that exposes the service.
   *
   * @param gateway the Gateway document
   * @param hosts lower-cased, unique within the gateway; exact names or {@code *.x}
   * @param routes all exceptions to the split that hold under these hosts, in order: those of the
   *     policy that attaches the hosts where it has any, else the service's own
   */
  public record GatewayHosts(DocumentKey gateway, List<String> hosts, List<EffectiveRoute> routes) {
    public GatewayHosts {
      Objects.requireNonNull(gateway);
      hosts = List.copyOf(hosts);
      routes = List.copyOf(routes);
    }
  }

  /**
   * A declared version.
   *
   * @param name unique within the policy
   * @param labels what its instances carry
   * @param cluster the service's settings with the version's overrides merged over them
   * @param part how many of its ready instances take part, at least 1; empty for all
   */
  public record EffectiveVersion(
      String name, SortedMap<String, String> labels, ClusterPolicy cluster, OptionalInt part) {
    public EffectiveVersion {
      Objects.requireNonNull(name);
      labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
      Objects.requireNonNull(cluster);
      Objects.requireNonNull(part);
    }

    /** The same with all of its instances. */
    public EffectiveVersion whole() {
      return new EffectiveVersion(name, labels, cluster, OptionalInt.empty());
    }
  }
}
