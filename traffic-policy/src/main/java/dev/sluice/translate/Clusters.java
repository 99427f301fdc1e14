package dev.sluice.translate;

import com.google.protobuf.Duration;
import dev.sluice.catalog.Protocol;
import dev.sluice.patch.Patchable;
import dev.sluice.policy.attach.ClusterPolicy;
import dev.sluice.policy.attach.ClusterPolicy.ConnectionPoolPolicy;
import dev.sluice.policy.attach.ClusterPolicy.KeepalivePolicy;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.CommonLbConfig;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.DiscoveryType;
import io.envoyproxy.envoy.config.cluster.v3.Cluster.EdsClusterConfig;
import io.envoyproxy.envoy.config.cluster.v3.UpstreamConnectionOptions;
import io.envoyproxy.envoy.config.core.v3.TcpKeepalive;
import io.envoyproxy.envoy.type.v3.Percent;
import java.util.OptionalInt;

/** How instances are called ({@code envoy.config.cluster.v3.Cluster}). */
public final class Clusters {
  private static final String LOOPBACK = "127.0.0.1";

  private Clusters() {}

  /** The Cluster of {@code input}, whose instances come over EDS under the same name, or by DNS. */
  public static Cluster cluster(ClusterInput input) {
    ClusterPolicy policy = input.policy();
    Cluster.Builder cluster =
        Cluster.newBuilder()
            .setName(input.name())
            // Else a host that passes active checks would survive its removal from EDS.
            .setIgnoreHealthOnHostRemoval(true)
            .setLoadBalancingPolicy(LoadBalancing.policy(policy, input.client()))
            .setCommonLbConfig(panic(policy.health().panicPercent().value()))
            .setCircuitBreakers(CircuitBreakers.of(policy, input.protocol()));
    input
        .dns()
        .ifPresentOrElse(
            dns -> Dns.apply(cluster, dns, input.client()), () -> told(cluster, input.name()));
    OutlierDetections.of(policy.outlier()).ifPresent(cluster::setOutlierDetection);
    if (input.client() == ClientKind.ENVOY) {
      HealthChecks.of(input).ifPresent(cluster::addHealthChecks);
    }
    connections(cluster, policy.connectionPool());
    HttpProtocols.apply(cluster, input.protocol(), policy.connectionPool());
    input
        .tls()
        .map(tls -> TransportSockets.upstream(tls, input.protocol()))
        .ifPresent(cluster::setTransportSocket);
    input.statName().ifPresent(cluster::setAltStatName);
    return Patchable.apply(cluster.build(), input.patches());
  }

  /**
   * The Cluster of a service that the proxy calls for itself. Its instances are those of the
   * service; of what policies say of that only their weights hold here.
   */
  static Cluster called(CalledService called) {
    Cluster.Builder cluster =
        Cluster.newBuilder()
            .setName(called.cluster())
            .setIgnoreHealthOnHostRemoval(true)
            .setConnectTimeout(Duration.newBuilder().setSeconds(1))
            .setCommonLbConfig(panic(0));
    told(cluster, called.assignment());
    HttpProtocols.apply(
        cluster,
        switch (called.wire()) {
          case HTTP -> Protocol.HTTP;
          case GRPC -> Protocol.GRPC;
        });
    return cluster.build();
  }

  /** The Cluster of the application beside a sidecar. */
  static Cluster inbound(int port, Protocol protocol) {
    String name = Names.inboundCluster(port);
    Cluster.Builder cluster =
        Cluster.newBuilder()
            .setName(name)
            .setType(DiscoveryType.STATIC)
            .setConnectTimeout(Duration.newBuilder().setSeconds(1))
            .setCircuitBreakers(CircuitBreakers.unlimited())
            .setLoadAssignment(
                Endpoints.only(name, Endpoints.at(LOOPBACK, port, OptionalInt.empty())));
    HttpProtocols.apply(cluster, protocol);
    return cluster.build();
  }

  /**
   * Rather no instance than one that is not ready, unless it is asked for, and at once: by default
   * Envoy gathers changes of health and weight for up to a second, in which an instance that was
   * ejected goes on to be called.
   */
  private static CommonLbConfig panic(double percent) {
    return CommonLbConfig.newBuilder()
        .setHealthyPanicThreshold(Percent.newBuilder().setValue(percent))
        .setUpdateMergeWindow(Duration.getDefaultInstance())
        .build();
  }

  private static void connections(Cluster.Builder cluster, ConnectionPoolPolicy pool) {
    cluster.setConnectTimeout(Protos.duration(pool.connectTimeout()));
    cluster.setPerConnectionBufferLimitBytes(Protos.uint32(pool.bufferLimit()));
    pool.keepalive()
        .ifPresent(
            keepalive ->
                cluster.setUpstreamConnectionOptions(
                    UpstreamConnectionOptions.newBuilder().setTcpKeepalive(keepalive(keepalive))));
  }

  private static TcpKeepalive keepalive(KeepalivePolicy policy) {
    TcpKeepalive.Builder keepalive = TcpKeepalive.newBuilder();
    policy.timeSeconds().ifPresent(time -> keepalive.setKeepaliveTime(Protos.uint32(time)));
    policy
        .intervalSeconds()
        .ifPresent(interval -> keepalive.setKeepaliveInterval(Protos.uint32(interval)));
    policy.probes().ifPresent(probes -> keepalive.setKeepaliveProbes(Protos.uint32(probes)));
    return keepalive.build();
  }

  /** Told by an assignment of that name. */
  private static void told(Cluster.Builder cluster, String assignment) {
    cluster
        .setType(DiscoveryType.EDS)
        .setEdsClusterConfig(
            EdsClusterConfig.newBuilder().setEdsConfig(Protos.ADS).setServiceName(assignment));
  }
}
