package dev.sluice.server.xds;

import static org.awaitility.Awaitility.await;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotBuilder;
import dev.sluice.server.snapshot.SnapshotDiff;
import dev.sluice.server.snapshot.SnapshotStore;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server on a real port, the snapshots of its one group, and a connection to it. */
abstract class ServerTest {
  final SnapshotStore store = new SnapshotStore();
  XdsServer server;
  ManagedChannel channel;
  Snapshot snapshot = Snapshot.EMPTY;

  @BeforeEach
  void start() throws Exception {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server =
        new XdsServer(settings(XdsServerSettings.at(any)), store, metrics(), services()).start();
    channel = anotherChannel();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.close();
  }

  XdsServerSettings settings(XdsServerSettings defaults) {
    return defaults;
  }

  XdsMetrics metrics() {
    return XdsMetrics.NONE;
  }

  List<BindableService> services() {
    return List.of();
  }

  ManagedChannel anotherChannel() {
    return connection().build();
  }

  final NettyChannelBuilder connection() {
    return NettyChannelBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()))
        .usePlaintext();
  }

  final void publish(Resource... resources) {
    SnapshotBuilder builder = new SnapshotBuilder(snapshot);
    for (Resource resource : resources) {
      builder.put(resource);
    }
    publish(builder.build());
  }

  /** Publishes to the group of whoever is connected, once somebody is. */
  void publish(SnapshotDiff diff) {
    await().until(() -> store.groups().size() == 1);
    snapshot = diff.after();
    store.publish("test", Instant.EPOCH, Map.of(store.groups().iterator().next(), diff));
  }
}
