package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.ENDPOINT;
import static dev.sluice.server.xds.Fixtures.assignment;
import static dev.sluice.server.xds.Fixtures.cluster;
import static dev.sluice.server.xds.Wire.DELTA_AGGREGATED;
import static dev.sluice.server.xds.Wire.SOTW_AGGREGATED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.server.snapshot.Resource;
import io.grpc.ManagedChannel;
import java.time.Duration;

@Section(value = "Flow", place = 10)
class ConformanceFlowTest extends WireTest {
  /** More than the network takes from a server whose client does not read, in bytes. */
  private static final int MUCH = 3 << 20;

  @Behaviour(
      value =
          "A stream that does not read is sent nothing more, then the newest; others notice"
              + " nothing.",
      on = {SOTW_AGGREGATED, DELTA_AGGREGATED})
  void aStreamThatDoesNotReadGetsTheNewest(Wire wire) throws Exception {
    WireProxy quick = proxy(wire, "quick");
    quick.ask(ENDPOINT, "a");
    ManagedChannel own = anotherChannel();
    try {
      SlowProxy slow = SlowProxy.connect(wire, own);
      await()
          .until(
              () ->
                  server.proxies().stream()
                      .anyMatch(proxy -> proxy.id().equals("slow") && proxy.types().size() == 2));
      publish(cluster("big", "x".repeat(MUCH)), assignment("a", 1));
      awaitPublished();
      for (int i = 2; i <= 6; i++) {
        publish(assignment("a", i));
        awaitPublished();
      }
      while (!quick.accept(ENDPOINT).resources().contains(assignment("a", 6))) {
        heard();
      }
      assertThat(slow.take().names()).containsExactly("big");
      Received endpoints = slow.take();
      assertThat(endpoints.type()).isEqualTo(ENDPOINT);
      assertThat(endpoints.resources()).containsExactly(assignment("a", 6));
    } finally {
      own.shutdownNow();
    }
  }

  @Behaviour("A resource with a time to live is told again before it is over.")
  void whatHasATimeToLiveIsToldAgain(Wire wire) throws Exception {
    Resource mortal = assignment("a", 1).withTtl(Duration.ofMillis(300));
    publish(mortal, assignment("b", 1));
    WireProxy proxy = proxy(wire);
    proxy.ask(ENDPOINT, "a", "b");
    Received first = proxy.accept(ENDPOINT);
    assertThat(first.resources()).containsExactly(mortal, assignment("b", 1));
    assertThat(first.resources().getFirst().ttl()).isEqualTo(mortal.ttl());
    for (int i = 0; i < 3; i++) {
      Received heartbeat = proxy.accept(ENDPOINT);
      assertThat(heartbeat.nonce()).as("it is no change").isEqualTo(first.nonce());
      assertThat(heartbeat.version()).isEqualTo(first.version());
      assertThat(heartbeat.names()).containsExactly("a");
      assertThat(heartbeat.removed()).isEmpty();
    }
  }
}
