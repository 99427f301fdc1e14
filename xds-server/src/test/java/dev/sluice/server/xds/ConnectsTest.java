package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.snapshot.ResourceType.LISTENER;
import static dev.sluice.server.snapshot.ResourceType.ROUTE;
import static dev.sluice.server.snapshot.ResourceType.RUNTIME;
import static dev.sluice.server.xds.Fixtures.cluster;
import static dev.sluice.server.xds.Fixtures.listener;
import static dev.sluice.server.xds.Fixtures.resource;
import static dev.sluice.server.xds.Fixtures.route;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import dev.sluice.node.NodeGroup;
import dev.sluice.server.snapshot.ResourceType;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.grpc.ManagedChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Thousands of proxies come, and go in every way there is; nothing of them stays. */
class ConnectsTest extends WireTest {
  private static final int CONNECTS = Integer.getInteger("connects", 10_000);
  private static final int WARM_UP = 1_000;
  private static final int AT_ONCE = 8;

  /** What 10,000 leaks of a few words would far exceed. */
  private static final long HEAP_NOISE = 2 << 20;

  private static final List<Wire> WIRES = List.of(Wire.values());
  private static final List<End> ENDS = List.of(End.values());

  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();

  /** How a proxy goes. */
  private enum End {
    /** It has all and accepted it, and says that it ends. */
    HALF_CLOSE,
    /** It asked, and is gone before the answer. */
    CANCEL_UNANSWERED,
    /** It has clusters that it did not accept, so that its routes wait for them. */
    CANCEL_UNACCEPTED,
    /** Its own connection is closed. */
    CONNECTION_CLOSED,
    /** Its own connection is reset, of a group that nobody else is of. */
    CONNECTION_RESET,
    /** Its own connection ends within a request. */
    HALF_A_REQUEST
  }

  @Override
  XdsMetrics metrics() {
    return new XdsMetrics() {
      @Override
      public void opened(Variant variant) {
        opened.incrementAndGet();
      }

      @Override
      public void closed(Variant variant) {
        closed.incrementAndGet();
      }
    };
  }

  @Test
  void nothingStaysOfThoseWhoCameAndWent() throws Exception {
    publish(
        cluster("a", "1").withTtl(Duration.ofMinutes(5)), // Heartbeats set timers.
        listener("l", "1"),
        route("r", "1"),
        resource(RUNTIME, "layer"));
    Set<NodeGroup> groups = store.groups();
    Remains ofOthers = Remains.now();
    connect(WARM_UP);
    awaitNobody(groups);
    Remains before = Remains.now();

    connect(CONNECTS);

    awaitNobody(groups);
    await()
        .untilAsserted(
            () -> {
              Remains after = Remains.now();
              assertThat(after.threads()).as("threads").isLessThanOrEqualTo(before.threads() + 2);
              assertThat(after.files()).as("files").isLessThanOrEqualTo(before.files() + 5);
              assertThat(after.heap()).as("heap").isLessThan(before.heap() + HEAP_NOISE);
              assertThat(after.instances())
                  .doesNotContainKeys(
                      AdsStream.class.getName(),
                      Feed.class.getName(),
                      SubscriptionState.class.getName(),
                      NodeStatus.class.getName())
                  .allSatisfy(
                      (type, count) -> {
                        // Of who left the last are known by name, and no more of them.
                        boolean departed = type.equals(Departed.class.getName());
                        long had =
                            departed
                                ? Departures.MOST + ofOthers.instances().getOrDefault(type, 0L)
                                : before.instances().getOrDefault(type, 0L);
                        assertThat(count - had).as(type).isLessThan(departed ? 1 : 50);
                      });
            });
    assertThat(opened.get()).as("streams").isGreaterThan(CONNECTS / 2);
  }

  private void awaitNobody(Set<NodeGroup> groups) {
    await()
        .untilAsserted(
            () -> {
              assertThat(server.proxies()).isEmpty();
              assertThat(store.groups()).isEqualTo(groups);
              assertThat(closed.get()).as("closed of those opened").isEqualTo(opened.get());
            });
  }

  private void connect(int times) throws Exception {
    List<Future<?>> parts = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int part = 0; part < AT_ONCE; part++) {
        int first = part;
        parts.add(
            threads.submit(
                () -> {
                  for (int i = first; i < times; i += AT_ONCE) {
                    connectAndGo(i);
                  }
                  return null;
                }));
      }
    }
    for (Future<?> part : parts) {
      part.get();
    }
  }

  private void connectAndGo(int number) throws Exception {
    Wire wire = WIRES.get(number / AT_ONCE % WIRES.size());
    End end = ENDS.get(number / AT_ONCE / WIRES.size() % ENDS.size());
    String id = "proxy-" + number;
    switch (end) {
      case HALF_CLOSE -> {
        WireProxy proxy = askForAll(new WireProxy(wire, id, channel));
        for (ResourceType type : List.of(CLUSTER, LISTENER, ROUTE)) {
          proxy.accept(type);
        }
        for (AdsClient<?, ?> stream :
            new HashSet<>(
                List.of(proxy.stream(CLUSTER), proxy.stream(LISTENER), proxy.stream(ROUTE)))) {
          stream.halfClose();
          assertThat(stream.end().isOk()).isTrue();
        }
      }
      case CANCEL_UNANSWERED -> askForAll(new WireProxy(wire, id, channel)).disconnect();
      case CANCEL_UNACCEPTED -> {
        WireProxy proxy = askForAll(new WireProxy(wire, id, channel));
        proxy.receive(CLUSTER);
        proxy.disconnect();
      }
      case CONNECTION_CLOSED -> {
        ManagedChannel own = anotherChannel();
        askForAll(new WireProxy(wire, id, own)).receive(CLUSTER);
        own.shutdownNow();
      }
      case CONNECTION_RESET -> {
        BareConnection connection = new BareConnection(server.port());
        connection.open();
        connection.send(first(id).build());
        await()
            .pollDelay(Duration.ZERO)
            .pollInterval(Duration.ofMillis(1))
            .until(() -> server.proxies().stream().anyMatch(proxy -> proxy.id().equals(id)));
        connection.reset();
      }
      case HALF_A_REQUEST -> {
        try (BareConnection connection = new BareConnection(server.port())) {
          connection.open();
          connection.send(first(id).build());
          connection.sendHalf(first(id).build());
          connection.awaitAnything();
        }
      }
    }
  }

  private static WireProxy askForAll(WireProxy proxy) {
    proxy.ask(CLUSTER, "*");
    proxy.ask(LISTENER, "*");
    proxy.ask(ROUTE, "r");
    return proxy;
  }

  /** The first request of a proxy whose labels nobody else has. */
  private static DeltaDiscoveryRequest.Builder first(String id) {
    Struct labels =
        Struct.newBuilder().putFields("own", Value.newBuilder().setStringValue(id).build()).build();
    Node.Builder node = AdsClient.node(id).toBuilder();
    Struct.Builder sluice =
        node.getMetadata().getFieldsOrThrow("sluice").getStructValue().toBuilder()
            .putFields("labels", Value.newBuilder().setStructValue(labels).build());
    node.getMetadataBuilder()
        .putFields("sluice", Value.newBuilder().setStructValue(sluice).build());
    return DeltaDiscoveryRequest.newBuilder().setNode(node).setTypeUrl(CLUSTER.typeUrl());
  }
}
