package dev.sluice.server.xds;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.SnapshotBuilder;
import dev.sluice.server.snapshot.SnapshotDiff;
import io.grpc.ManagedChannel;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;

/** A server whose one group has snapshots before and after its proxies, and raw proxies. */
abstract class WireTest extends ServerTest {
  private NodeGroup group;
  private int witnessed;

  @Override
  @BeforeEach
  void start() throws Exception {
    group = ProxyNode.of(AdsClient.node("any")).group();
    store.watch(group, (same, diff) -> {});
    super.start();
    heard();
  }

  /** A connection; what comes over it is handed over on its own thread, and so in its order. */
  @Override
  ManagedChannel anotherChannel() {
    return connection().directExecutor().build();
  }

  /** With a deadline that no test reaches which does not wait for it. */
  @Override
  XdsServerSettings settings(XdsServerSettings defaults) {
    return defaults.withMakeBeforeBreakDeadline(Duration.ofMinutes(10));
  }

  WireProxy proxy(Wire wire) {
    return proxy(wire, "one");
  }

  WireProxy proxy(Wire wire, String id) {
    return new WireProxy(wire, id, channel);
  }

  void remove(ResourceType type, String name) {
    edit(builder -> builder.remove(type, name));
  }

  /** Publishes what {@code edits} make of the snapshot. */
  void edit(Consumer<SnapshotBuilder> edits) {
    SnapshotBuilder builder = new SnapshotBuilder(snapshot);
    edits.accept(builder);
    publish(builder.build());
  }

  @Override
  void publish(SnapshotDiff diff) {
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
