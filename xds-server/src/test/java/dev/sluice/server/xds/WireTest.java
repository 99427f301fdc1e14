package dev.sluice.server.xds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotBuilder;
import dev.sluice.server.snapshot.SnapshotDiff;
import dev.sluice.server.snapshot.SnapshotStore;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A server on a real port, its snapshots, and the connection over which raw proxies come. */
abstract class WireTest {
  final SnapshotStore store = new SnapshotStore();
  XdsServer server;
  ManagedChannel channel;
  private Snapshot snapshot = Snapshot.EMPTY;
  private NodeGroup group;
  private int witnessed;

  @BeforeEach
  void start() throws Exception {
    group = ProxyNode.of(AdsClient.node("any")).group();
    store.watch(group, (same, diff) -> {}); // Snapshots are there before and after the proxies.
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server =
        new XdsServer(settings(XdsServerSettings.at(any)), store, metrics(), services()).start();
    channel = anotherChannel();
    heard();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.close();
  }

  /** A connection; what comes over it is handed over on its own thread, and so in its order. */
  ManagedChannel anotherChannel() {
    return NettyChannelBuilder.forAddress(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), server.port()))
        .usePlaintext()
        .directExecutor()
        .build();
  }

  /** With a deadline that no test reaches which does not wait for it. */
  XdsServerSettings settings(XdsServerSettings defaults) {
    return defaults.withMakeBeforeBreakDeadline(Duration.ofMinutes(10));
  }

  XdsMetrics metrics() {
    return XdsMetrics.NONE;
  }

  List<BindableService> services() {
    return List.of();
  }

  WireProxy proxy(Wire wire) {
    return proxy(wire, "one");
  }

  WireProxy proxy(Wire wire, String id) {
    return new WireProxy(wire, id, channel);
  }

  void publish(Resource... resources) {
    edit(
        builder -> {
          for (Resource resource : resources) {
            builder.put(resource);
          }
        });
  }

  void remove(ResourceType type, String name) {
    edit(builder -> builder.remove(type, name));
  }

  /** Publishes what {@code edits} make of the snapshot. */
  void edit(Consumer<SnapshotBuilder> edits) {
    SnapshotBuilder builder = new SnapshotBuilder(snapshot);
    edits.accept(builder);
    SnapshotDiff diff = builder.build();
    snapshot = diff.after();
    store.publish("test", Instant.EPOCH, Map.of(group, diff));
  }

  /**
   * Returns when the server has worked off all that was sent to it, and its answers are here: a
   * connection is read and written in order, so this request's answer comes after theirs.
   */
  void heard() {
    var ignored =
        HealthGrpc.newBlockingStub(channel).check(HealthCheckRequest.getDefaultInstance());
  }

  /** Nothing came that the test did not look at, and nothing is on its way. */
  void assertQuiet(WireProxy proxy) {
    heard();
    assertThat(proxy.unread()).as("responses that nobody asked for").isZero();
  }

  /** What the server knows of that subscription. */
  NodeStatus.TypeStatus status(String id, ResourceType type) {
    return server.proxies().stream()
        .filter(proxy -> proxy.id().equals(id) && proxy.types().containsKey(type))
        .map(proxy -> proxy.types().get(type))
        .findFirst()
        .orElseThrow(() -> new AssertionError(id + " has no " + type));
  }

  /** The version of all there is of that type. */
  String typeVersion(ResourceType type) {
    return snapshot.hash(type).toString();
  }

  /**
   * Waits until what was published has been pushed to whom it concerns. One thread pushes, one
   * publication after the other: when it pushes the second of two more, it is done with the first.
   */
  void awaitPublished() throws InterruptedException {
    String name = "published " + ++witnessed;
    WireProxy witness = proxy(Wire.DELTA_AGGREGATED, "witness");
    for (ResourceType type : List.of(ResourceType.RUNTIME, ResourceType.SECRET)) {
      witness.ask(type, name);
      assertThat(witness.accept(type).removed()).containsExactly(name);
    }
    heard();
    for (ResourceType type : List.of(ResourceType.RUNTIME, ResourceType.SECRET)) {
      publish(Fixtures.resource(type, name));
      assertThat(witness.receive(type).names()).containsExactly(name);
    }
    witness.disconnect();
  }
}
