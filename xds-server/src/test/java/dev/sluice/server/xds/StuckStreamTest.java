package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.server.snapshot.Resource;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A client that does not read. */
class StuckStreamTest extends ServerTest {
  private static final int BIG = 200_000;

  @Override
  XdsServerSettings settings(XdsServerSettings defaults) {
    return defaults.withProgressDeadline(Duration.ofSeconds(2));
  }

  /** One whose buffers are soon full. */
  @Override
  ManagedChannel anotherChannel() {
    return connection().flowControlWindow(BIG / 2).build();
  }

  @Test
  void aStreamThatTakesNothingIsEndedWithTheReasonAndTheOthersGoOn() throws Exception {
    // Connections of their own, or the one's unread bytes would hold up the other's.
    ManagedChannel other = anotherChannel();
    try {
      Reader stuck = new Reader();
      Reader reading = new Reader();
      stuck.open(channel, "stuck", 0);
      reading.open(other, "reading", Integer.MAX_VALUE);
      await().until(() -> server.proxies().size() == 2);
      publish(
          IntStream.range(0, 10)
              .mapToObj(i -> Fixtures.cluster("a" + i, "x".repeat(BIG)))
              .toArray(Resource[]::new));
      await().until(() -> reading.received.get() == 1);

      await().until(() -> server.proxies().size() == 1);
      stuck.readOn();
      assertThat(stuck.end.get(20, TimeUnit.SECONDS))
          .returns(Status.Code.UNAVAILABLE, Status::getCode)
          .asString()
          .contains("took nothing of what it is sent for 2 s");
      assertThat(reading.end).isNotDone();
    } finally {
      other.shutdownNow();
    }
  }

  /** A stream that reads as many messages as it was told. */
  private static final class Reader
      implements ClientResponseObserver<DeltaDiscoveryRequest, DeltaDiscoveryResponse> {
    final CompletableFuture<Status> end = new CompletableFuture<>();
    final AtomicInteger received = new AtomicInteger();
    private int reads;
    private @Nullable ClientCallStreamObserver<DeltaDiscoveryRequest> call;

    void open(ManagedChannel channel, String id, int messages) {
      reads = messages;
      AggregatedDiscoveryServiceGrpc.newStub(channel)
          .deltaAggregatedResources(this)
          .onNext(
              DeltaDiscoveryRequest.newBuilder()
                  .setNode(AdsClient.node(id))
                  .setTypeUrl(CLUSTER.typeUrl())
                  .build());
    }

    void readOn() {
      Objects.requireNonNull(call).request(2);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<DeltaDiscoveryRequest> opened) {
      call = opened;
      opened.disableAutoRequestWithInitial(reads == 0 ? 0 : 1);
    }

    @Override
    public void onNext(DeltaDiscoveryResponse response) {
      received.incrementAndGet();
    }

    @Override
    public void onError(Throwable cause) {
      end.complete(Status.fromThrowable(cause));
    }

    @Override
    public void onCompleted() {
      end.complete(Status.OK);
    }
  }
}
