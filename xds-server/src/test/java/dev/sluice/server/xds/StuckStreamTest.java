package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotBuilder;
import dev.sluice.server.snapshot.SnapshotDiff;
import dev.sluice.server.snapshot.SnapshotStore;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A client that does not read. */
class StuckStreamTest {
  private static final int BIG = 200_000;

  private final SnapshotStore store = new SnapshotStore();
  private Snapshot snapshot = Snapshot.EMPTY;

  @Test
  void aStreamThatTakesNothingIsEndedWithTheReasonAndTheOthersGoOn() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    XdsServerSettings settings =
        XdsServerSettings.at(new InetSocketAddress(loopback, 0))
            .withProgressDeadline(Duration.ofSeconds(2));
    try (XdsServer server = new XdsServer(settings, store).start()) {
      // Connections of their own, or the one's unread bytes would hold up the other's.
      ManagedChannel one = channel(loopback, server.port());
      ManagedChannel other = channel(loopback, server.port());
      try {
        Reader stuck = new Reader();
        Reader reading = new Reader();
        stuck.open(one, "stuck", 0);
        reading.open(other, "reading", Integer.MAX_VALUE);
        await().until(() -> server.proxies().size() == 2);
        publish("a");
        await().until(() -> reading.received.get() == 1);

        await().until(() -> server.proxies().size() == 1);
        stuck.readOn();
        assertThat(stuck.end.get(20, TimeUnit.SECONDS))
            .returns(Status.Code.UNAVAILABLE, Status::getCode)
            .asString()
            .contains("took nothing of what it is sent for 2 s");
        assertThat(reading.end).isNotDone();
      } finally {
        one.shutdownNow();
        other.shutdownNow();
      }
    }
  }

  private static ManagedChannel channel(InetAddress address, int port) {
    return NettyChannelBuilder.forAddress(address.getHostAddress(), port)
        .usePlaintext()
        .flowControlWindow(BIG / 2)
        .build();
  }

  private void publish(String name) {
    SnapshotBuilder builder = new SnapshotBuilder(snapshot);
    for (int i = 0; i < 10; i++) {
      builder.put(Fixtures.cluster(name + i, "x".repeat(BIG)));
    }
    SnapshotDiff diff = builder.build();
    snapshot = diff.after();
    NodeGroup group = store.groups().iterator().next();
    store.publish("test", Instant.EPOCH, Map.of(group, diff));
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
