package dev.sluice.server.xds;

import static dev.sluice.server.xds.TransportServer.connect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.server.transport.TransportSettings;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;

/** A stop at the wire. */
class DrainTest {
  private static final Duration TIME = Duration.ofSeconds(2);

  @Test
  void streamsAreEndedOneConnectionAfterTheOtherOverTheTime() throws Exception {
    try (TransportServer server = new TransportServer(TransportSettings.DEFAULT)) {
      List<CompletableFuture<Long>> ends = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        ManagedChannel channel = server.channel();
        var first = connect(channel, "web-" + i + "a");
        var second = connect(channel, "web-" + i + "b");
        ends.add(endOf(first));
        ends.add(endOf(second));
      }
      await().until(() -> server.server.proxies().size() == 8);

      long start = System.nanoTime();
      server.server.stop(TIME);
      Duration took = Duration.ofNanos(System.nanoTime() - start);

      List<Long> millis = new ArrayList<>();
      for (CompletableFuture<Long> end : ends) {
        millis.add(Duration.ofNanos(end.join() - start).toMillis());
      }
      List<Long> sorted = millis.stream().sorted().toList();
      assertThat(sorted.get(1)).as("the first connection").isLessThan(450);
      assertThat(sorted.get(2)).as("the second").isGreaterThanOrEqualTo(500);
      assertThat(sorted.get(4)).as("the third").isGreaterThanOrEqualTo(1000);
      assertThat(sorted.get(6)).as("the last").isGreaterThanOrEqualTo(1500);
      for (int i = 0; i < millis.size(); i += 2) {
        assertThat(Math.abs(millis.get(i) - millis.get(i + 1)))
            .as("the streams of a connection end together")
            .isLessThan(400);
      }
      assertThat(took).as("nothing is waited for after the last").isLessThan(TIME.plusMillis(900));
      assertThat(server.server.proxies()).isEmpty();
    }
  }

  private static CompletableFuture<Long> endOf(AdsClient<?, ?> client) {
    return client
        .ended()
        .thenApply(
            status -> {
              assertThat(status.getCode()).isEqualTo(Status.Code.UNAVAILABLE);
              assertThat(status.getDescription())
                  .isEqualTo("the server is stopping; connect to another");
              return System.nanoTime();
            });
  }

  @Test
  void whileItStopsItSaysSoAndTakesNobody() throws Exception {
    try (TransportServer server = new TransportServer(TransportSettings.DEFAULT)) {
      ManagedChannel first = server.channel();
      ManagedChannel second = server.channel();
      Queue<ServingStatus> health = watch(second);
      connect(first, "web-1");
      connect(second, "web-2");
      server.awaitProxies("web-1", "web-2");
      await().until(() -> health.contains(ServingStatus.NOT_SERVING));
      server.server.ready();
      await().until(() -> health.contains(ServingStatus.SERVING));
      health.clear();

      Thread stop =
          Thread.startVirtualThread(
              () -> {
                try {
                  server.server.stop(TIME);
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              });
      await().until(() -> health.contains(ServingStatus.NOT_SERVING));
      await().until(() -> server.server.proxies().size() == 1);

      assertThat(connect(server.channel(), "late").end().getCode())
          .isEqualTo(Status.Code.UNAVAILABLE);
      assertThat(server.server.proxies()).as("the other is still served").hasSize(1);
      stop.join();
      assertThat(server.server.proxies()).isEmpty();
    }
  }

  @Test
  void aServerWithoutStreamsStopsAtOnce() throws Exception {
    try (TransportServer server = new TransportServer(TransportSettings.DEFAULT)) {
      long start = System.nanoTime();
      server.server.stop(Duration.ofMinutes(1));
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
    }
  }

  private static Queue<ServingStatus> watch(ManagedChannel channel) {
    Queue<ServingStatus> seen = new ConcurrentLinkedQueue<>();
    HealthGrpc.newStub(channel)
        .watch(
            HealthCheckRequest.getDefaultInstance(),
            new StreamObserver<HealthCheckResponse>() {
              @Override
              public void onNext(HealthCheckResponse response) {
                seen.add(response.getStatus());
              }

              @Override
              public void onError(Throwable cause) {}

              @Override
              public void onCompleted() {}
            });
    return seen;
  }
}
