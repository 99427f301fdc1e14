package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.snapshot.ResourceType.ROUTE;
import static dev.sluice.server.xds.Fixtures.cluster;
import static dev.sluice.server.xds.Fixtures.route;
import static dev.sluice.server.xds.Wire.DELTA_AGGREGATED;
import static dev.sluice.server.xds.Wire.SOTW_AGGREGATED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;

@Section(value = "Deadlines", place = 9)
class ConformanceDeadlineTest extends WireTest {
  private static final Duration DEADLINE = Duration.ofMillis(300);
  private static final Duration PROGRESS = Duration.ofSeconds(1);

  /** More than the network takes from a server whose client does not read, in bytes. */
  private static final int MUCH = 3 << 20;

  @Override
  XdsServerSettings settings(XdsServerSettings defaults) {
    return defaults.withMakeBeforeBreakDeadline(DEADLINE).withProgressDeadline(PROGRESS);
  }

  @Behaviour("A stream that takes nothing for a time is ended with the reason.")
  void aStreamThatTakesNothingIsEnded(Wire wire) throws Exception {
    WireProxy reading = proxy(wire, "reading");
    reading.ask(CLUSTER);
    heard();
    ManagedChannel own = anotherChannel();
    try {
      SlowProxy slow = SlowProxy.connect(wire, own);
      await().until(() -> server.proxies().size() == 2);
      publish(cluster("big", "x".repeat(MUCH)));
      reading.accept(CLUSTER);
      await().until(() -> server.proxies().size() == 1);
      Status end = slow.readToItsEnd();
      assertThat(end.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(end.getDescription()).contains("took nothing of what it is sent");
      publish(cluster("big", "small"));
      assertThat(reading.accept(CLUSTER).resources()).containsExactly(cluster("big", "small"));
    } finally {
      own.shutdownNow();
    }
  }

  @Behaviour(
      value = "Routes wait for a silent proxy's clusters until the deadline, and others do not.",
      on = {SOTW_AGGREGATED, DELTA_AGGREGATED})
  void routesWaitUntilTheDeadline(Wire wire) throws Exception {
    publish(cluster("a", "1"), route("r", "1"));
    WireProxy silent = configured(wire, "silent");
    WireProxy quick = configured(wire, "quick");
    long published = System.nanoTime();
    publish(cluster("b", "1"), route("r", "2"));
    silent.receive(CLUSTER);
    quick.accept(CLUSTER);
    assertThat(quick.accept(ROUTE).resources()).containsExactly(route("r", "2"));
    assertThat(silent.receive(ROUTE).resources()).containsExactly(route("r", "2"));
    assertThat(Duration.ofNanos(System.nanoTime() - published)).isGreaterThanOrEqualTo(DEADLINE);
  }

  @Behaviour(
      value = "A removal waits for a silent proxy's routes until the deadline.",
      on = {SOTW_AGGREGATED, DELTA_AGGREGATED})
  void removalsWaitUntilTheDeadline(Wire wire) throws Exception {
    publish(cluster("a", "1"), cluster("b", "1"), route("r", "1"));
    WireProxy silent = configured(wire, "silent");
    long published = System.nanoTime();
    edit(edits -> edits.remove(CLUSTER, "b").put(route("r", "2")));
    silent.receive(ROUTE);
    Received clusters = silent.receive(CLUSTER);
    assertThat(clusters.names()).isEqualTo(wire.delta() ? List.of() : List.of("a"));
    assertThat(clusters.removed()).isEqualTo(wire.delta() ? List.of("b") : List.of());
    assertThat(Duration.ofNanos(System.nanoTime() - published)).isGreaterThanOrEqualTo(DEADLINE);
  }

  private WireProxy configured(Wire wire, String id) throws Exception {
    WireProxy proxy = proxy(wire, id);
    proxy.ask(CLUSTER);
    proxy.accept(CLUSTER);
    proxy.ask(ROUTE, "r");
    proxy.accept(ROUTE);
    heard();
    return proxy;
  }
}
