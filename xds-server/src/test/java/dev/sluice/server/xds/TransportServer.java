package dev.sluice.server.xds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.csds.ClientStatusService;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.SnapshotStore;
import dev.sluice.server.transport.CountingMetrics;
import dev.sluice.server.transport.TestAuthority;
import dev.sluice.server.transport.TlsFiles;
import dev.sluice.server.transport.Transport;
import dev.sluice.server.transport.TransportSettings;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.TlsChannelCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;

/** A server with a transport, on a real port, and the channels to it; it has no snapshots. */
final class TransportServer implements AutoCloseable {
  final CountingMetrics metrics = new CountingMetrics();
  final XdsServer server;
  private final List<ManagedChannel> channels = new ArrayList<>();

  TransportServer(TransportSettings settings) throws IOException {
    SnapshotStore store = new SnapshotStore();
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server =
        new XdsServer(
                XdsServerSettings.at(any),
                store,
                XdsMetrics.NONE,
                Transport.of(settings, metrics),
                List.of(new ClientStatusService(this::proxies, store::current, store::revisions)))
            .start();
  }

  private List<NodeStatus> proxies() {
    return server.proxies();
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port());
  }

  /** A connection without TLS. */
  ManagedChannel channel() {
    return channel(InsecureChannelCredentials.create());
  }

  /** A connection that trusts an authority and shows this certificate. */
  ManagedChannel channel(TestAuthority trusted, TlsFiles own) throws IOException {
    return channel(
        TlsChannelCredentials.newBuilder()
            .trustManager(trusted.root().toFile())
            .keyManager(own.cert().toFile(), own.key().toFile())
            .build());
  }

  ManagedChannel channel(ChannelCredentials credentials) {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress(address(), credentials)
            .overrideAuthority("localhost")
            .build();
    channels.add(channel);
    return channel;
  }

  /** Opens a stream and introduces a sidecar of web.shop. */
  static AdsClient<DeltaDiscoveryRequest, DeltaDiscoveryResponse> connect(
      ManagedChannel channel, String id) {
    var client = AdsClient.delta(channel);
    client.send(
        DeltaDiscoveryRequest.newBuilder()
            .setTypeUrl(ResourceType.CLUSTER.typeUrl())
            .setNode(AdsClient.node(id))
            .build());
    return client;
  }

  /** Waits until exactly these are connected. */
  void awaitProxies(String... ids) {
    Awaitility.await()
        .untilAsserted(
            () -> assertThat(server.proxies()).extracting(NodeStatus::id).containsExactly(ids));
  }

  boolean hasProxyWithin(Duration time, String id) {
    try {
      Awaitility.await()
          .atMost(time)
          .until(() -> server.proxies().stream().anyMatch(proxy -> proxy.id().equals(id)));
      return true;
    } catch (ConditionTimeoutException e) {
      return false;
    }
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
    server.close();
  }
}
