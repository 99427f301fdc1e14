package dev.sluice.server.load;

import static dev.sluice.server.load.Stats.cluster;
import static dev.sluice.server.load.Stats.zone;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.load_stats.v3.LoadReportingServiceGrpc;
import io.envoyproxy.envoy.service.load_stats.v3.LoadStatsRequest;
import io.envoyproxy.envoy.service.load_stats.v3.LoadStatsResponse;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Load reports at the wire: a raw client on a real port. */
class LoadReportingServiceTest {
  private static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");

  private final AtomicInteger reports = new AtomicInteger();
  private final LoadReportingService service =
      new LoadReportingService(
          Duration.ofSeconds(10), InstantSource.fixed(NOON), leftOut -> reports.incrementAndGet());
  private Server server;
  private ManagedChannel channel;

  @BeforeEach
  void start() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(loopback, 0))
            .addService(service)
            .build()
            .start();
    InetSocketAddress address = new InetSocketAddress(loopback, server.getPort());
    channel = NettyChannelBuilder.forAddress(address).usePlaintext().build();
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
  }

  /** One proxy's stream. */
  private final class Proxy implements StreamObserver<LoadStatsResponse> {
    final BlockingQueue<LoadStatsResponse> responses = new LinkedBlockingQueue<>();
    final CompletableFuture<Status> end = new CompletableFuture<>();
    final StreamObserver<LoadStatsRequest> server =
        LoadReportingServiceGrpc.newStub(channel).streamLoadStats(this);

    @Override
    public void onNext(LoadStatsResponse response) {
      responses.add(response);
    }

    @Override
    public void onError(Throwable cause) {
      end.complete(Status.fromThrowable(cause));
    }

    @Override
    public void onCompleted() {
      end.complete(Status.OK);
    }

    Proxy introduce(String id) {
      server.onNext(
          LoadStatsRequest.newBuilder().setNode(Node.newBuilder().setId(id).build()).build());
      return this;
    }
  }

  @Test
  void aProxyIsAskedOnceForTheLoadOfAllItsClusters() throws Exception {
    Proxy proxy = new Proxy().introduce("web");
    assertThat(proxy.responses.poll(10, TimeUnit.SECONDS))
        .isEqualTo(
            LoadStatsResponse.newBuilder()
                .setSendAllClusters(true)
                .setLoadReportingInterval(com.google.protobuf.Duration.newBuilder().setSeconds(10))
                .build());
    proxy.server.onNext(
        LoadStatsRequest.newBuilder()
            .addClusterStats(cluster("orders", 1, zone("a", new Requests(10, 9, 1, 0))))
            .build());
    await().until(() -> reports.get() == 1);

    assertThat(service.current())
        .isEqualTo(
            Load.of(
                List.of(
                    ReportFold.fold(
                            ProxyLoad.opened("web", NOON),
                            List.of(cluster("orders", 1, zone("a", new Requests(10, 9, 1, 0)))),
                            NOON,
                            100)
                        .load())));
    assertThat(proxy.responses).isEmpty();
  }

  @Test
  void whatAProxyReportedGoesWithItsStream() throws Exception {
    Proxy ended = new Proxy().introduce("web");
    Proxy cancelled = new Proxy().introduce("app");
    await().until(() -> service.proxies() == 2);
    ended.server.onCompleted();
    assertThat(ended.end.get(10, TimeUnit.SECONDS).isOk()).isTrue();
    cancelled.server.onError(Status.CANCELLED.asRuntimeException());
    await().until(() -> service.proxies() == 0);
    assertThat(service.current().proxies()).isEmpty();
  }

  @Test
  void aStreamWithoutANodeIsRefused() throws Exception {
    Proxy proxy = new Proxy().introduce("");
    Status end = proxy.end.get(10, TimeUnit.SECONDS);
    assertThat(end.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(end.getDescription()).isEqualTo("the first request of a stream has no node.id");
    assertThat(service.proxies()).isZero();
  }

  @Test
  void aNodeIdThatCouldWriteLinesOfItsOwnIsRefused() throws Exception {
    Status end = new Proxy().introduce("web\nWARN").end.get(10, TimeUnit.SECONDS);
    assertThat(end.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(end.getDescription()).startsWith("node.id has control characters");
    assertThat(service.proxies()).isZero();
  }
}
