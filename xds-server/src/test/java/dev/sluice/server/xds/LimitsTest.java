package dev.sluice.server.xds;

import static dev.sluice.server.xds.TransportServer.connect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.transport.ConnectionAge;
import dev.sluice.server.transport.Keepalive;
import dev.sluice.server.transport.Refusal;
import dev.sluice.server.transport.StreamLimits;
import dev.sluice.server.transport.TransportSettings;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The limits at the wire: each with its status, its words and its count. */
class LimitsTest {
  private static final int MANY = Integer.MAX_VALUE;

  private static TransportSettings limits(
      int bytes, int names, int perConnection, int streams, int perSecond) {
    return TransportSettings.OPEN.withLimits(
        new StreamLimits(bytes, names, perConnection, streams, perSecond));
  }

  private static void assertExhausted(Status status, String... words) {
    assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(status.getDescription()).contains(words);
  }

  @Test
  void aRequestThatIsTooLargeEndsItsStream() throws Exception {
    try (TransportServer server = new TransportServer(limits(1024, MANY, MANY, MANY, MANY))) {
      var client = connect(server.channel(), "web-1");
      server.awaitProxies("web-1");
      client.send(
          DeltaDiscoveryRequest.newBuilder()
              .setTypeUrl(ResourceType.ENDPOINT.typeUrl())
              .addResourceNamesSubscribe("x".repeat(2000))
              .build());

      assertExhausted(client.end(), "exceeds maximum size 1024");
      await().until(() -> server.metrics.refusals().containsKey(Refusal.MESSAGE_SIZE));
      server.awaitProxies();
    }
  }

  @Test
  void aRequestWithTooManyNamesEndsItsStream() throws Exception {
    try (TransportServer server = new TransportServer(limits(4 << 20, 10, MANY, MANY, MANY))) {
      List<String> names = IntStream.range(0, 6).mapToObj(i -> "c" + i).toList();
      var delta = connect(server.channel(), "web-1");
      server.awaitProxies("web-1");
      delta.send(
          DeltaDiscoveryRequest.newBuilder()
              .setTypeUrl(ResourceType.ENDPOINT.typeUrl())
              .addAllResourceNamesSubscribe(names)
              .addAllResourceNamesUnsubscribe(names.subList(0, 4))
              .putInitialResourceVersions("c0", "1")
              .build());
      assertExhausted(
          delta.end(), "the request has 11 names, the most is 10", "xds.limits.namesPerRequest");
      server.awaitProxies();

      var sotw = AdsClient.sotw(server.channel());
      DiscoveryRequest request =
          DiscoveryRequest.newBuilder()
              .setTypeUrl(ResourceType.ENDPOINT.typeUrl())
              .setNode(AdsClient.node("web-2"))
              .addAllResourceNames(names)
              .build();
      sotw.send(request);
      server.awaitProxies("web-2");
      sotw.send(request.toBuilder().addAllResourceNames(names).build());
      assertExhausted(sotw.end(), "the request has 12 names");
      server.awaitProxies();
      assertThat(server.metrics.refusals()).containsEntry(Refusal.NAMES, 2).hasSize(1);
    }
  }

  @Test
  void aConnectionHasSoManyStreamsAndNoMore() throws Exception {
    try (TransportServer server = new TransportServer(limits(4 << 20, MANY, 2, MANY, MANY))) {
      var channel = server.channel();
      var first = connect(channel, "web-1");
      connect(channel, "web-2");
      server.awaitProxies("web-1", "web-2");

      assertExhausted(
          connect(channel, "web-3").end(),
          "this connection has 2 streams, which is the most",
          "xds.limits.streamsPerConnection");
      connect(server.channel(), "another-connection");
      first.halfClose();
      first.end();
      connect(channel, "web-4");
      server.awaitProxies("another-connection", "web-2", "web-4");
      assertThat(server.metrics.refusals()).containsEntry(Refusal.CONNECTION_STREAMS, 1);
    }
  }

  @Test
  void theServerHasSoManyStreamsAndNoMoreAndIsStillHealthy() throws Exception {
    try (TransportServer server = new TransportServer(limits(4 << 20, MANY, MANY, 2, MANY))) {
      connect(server.channel(), "web-1");
      var second = connect(server.channel(), "web-2");
      server.awaitProxies("web-1", "web-2");

      assertExhausted(
          connect(server.channel(), "web-3").end(),
          "the server has 2 streams, which is the most",
          "xds.limits.streams");
      assertThat(
              HealthGrpc.newBlockingStub(server.channel())
                  .check(HealthCheckRequest.getDefaultInstance()))
          .isNotNull();
      second.cancel();
      server.awaitProxies("web-1");
      await()
          .untilAsserted(
              () -> {
                connect(server.channel(), "web-4");
                server.awaitProxies("web-1", "web-4");
              });
      assertThat(server.metrics.refusals()).containsOnlyKeys(Refusal.STREAMS);
    }
  }

  @Test
  void soManyStreamsAreOpenedInASecondAndNoMore() throws Exception {
    try (TransportServer server = new TransportServer(limits(4 << 20, MANY, MANY, MANY, 1))) {
      var channel = server.channel();
      connect(channel, "web-1");
      assertExhausted(
          connect(channel, "web-2").end(),
          "more than 1 streams were opened in a second",
          "xds.limits.newStreamsPerSecond");
      server.awaitProxies("web-1");
      assertThat(server.metrics.refusals()).containsOnlyKeys(Refusal.RATE);
      await()
          .untilAsserted(
              () -> {
                connect(channel, "web-3");
                assertThat(server.server.proxies()).extracting(NodeStatus::id).contains("web-3");
              });
    }
  }

  @Test
  void aConnectionWhoseOtherEndIsSilentIsGivenUp() throws Exception {
    TransportSettings settings =
        new TransportSettings(
            null,
            List.of(),
            new Keepalive(Duration.ofMillis(200), Duration.ofMillis(200), Duration.ofSeconds(5)),
            null,
            Duration.ZERO,
            StreamLimits.NONE);
    try (TransportServer server = new TransportServer(settings);
        Socket silent = new Socket()) {
      connect(server.channel(), "alive");
      server.awaitProxies("alive");
      silent.connect(server.address());
      OutputStream out = silent.getOutputStream();
      out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.write(new byte[] {0, 0, 0, 4, 0, 0, 0, 0, 0}); // SETTINGS, none.
      out.write(new byte[] {0, 0, 0, 4, 1, 0, 0, 0, 0}); // SETTINGS, acknowledged.
      out.flush();
      await().until(() -> server.metrics.connections() == 2);

      InputStream in = silent.getInputStream();
      silent.setSoTimeout(10_000);
      while (in.read() >= 0) {
        // Pings, which nobody answers.
      }

      await().until(() -> server.metrics.connections() == 1);
      server.awaitProxies("alive");
    }
  }

  @Test
  void aConnectionOfTheMaximumAgeIsEnded() throws Exception {
    TransportSettings settings =
        new TransportSettings(
            null,
            List.of(),
            Keepalive.DEFAULT,
            new ConnectionAge(Duration.ofMillis(500), Duration.ofMillis(100)),
            Duration.ZERO,
            StreamLimits.NONE);
    try (TransportServer server = new TransportServer(settings)) {
      var client = connect(server.channel(), "web-1");
      server.awaitProxies("web-1");

      assertThat(client.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
      server.awaitProxies();
    }
  }
}
