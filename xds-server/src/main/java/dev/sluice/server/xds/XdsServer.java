package dev.sluice.server.xds;

import dev.sluice.server.snapshot.SnapshotStore;
import io.grpc.Server;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the snapshots of a {@link SnapshotStore} to proxies, with gRPC health and reflection
 * beside them. A proxy waits until its group's first snapshot is published.
 */
public final class XdsServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(XdsServer.class);

  private final HealthStatusManager health = new HealthStatusManager();
  private final ExecutorService pushThread = Executors.newSingleThreadExecutor(named("xds-push"));
  private final Feeds feeds;
  private final ScheduledThreadPoolExecutor timer;
  private final Server server;

  /** A server that counts nothing. It listens after {@link #start}. */
  public XdsServer(XdsServerSettings settings, SnapshotStore store) {
    this(settings, store, XdsMetrics.NONE);
  }

  /** A server that tells {@code metrics} what it does. It listens after {@link #start}. */
  public XdsServer(XdsServerSettings settings, SnapshotStore store, XdsMetrics metrics) {
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.NOT_SERVING);
    feeds = new Feeds(store, pushThread);
    // A deadline that comes up while the server stops is of no use any more.
    timer =
        new ScheduledThreadPoolExecutor(
            1, named("xds-timer"), new ThreadPoolExecutor.DiscardPolicy());
    timer.setRemoveOnCancelPolicy(true);
    long origin = System.nanoTime();
    StreamContext context =
        new StreamContext(
            feeds,
            new Shared(),
            new EncodedResponses(),
            timer,
            () -> System.nanoTime() - origin,
            InstantSource.system(),
            settings.makeBeforeBreakDeadline(),
            metrics);
    server =
        NettyServerBuilder.forAddress(settings.address())
            .directExecutor() // A request is a few microseconds' work, less than a hop costs.
            .maxInboundMessageSize(settings.maxMessageBytes())
            .keepAliveTime(settings.keepaliveTime().toNanos(), TimeUnit.NANOSECONDS)
            .keepAliveTimeout(settings.keepaliveTimeout().toNanos(), TimeUnit.NANOSECONDS)
            .permitKeepAliveTime(settings.permitKeepaliveTime().toNanos(), TimeUnit.NANOSECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addService(new AdsService(context).bind())
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance())
            .build();
  }

  private static ThreadFactory named(String prefix) {
    AtomicInteger count = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, prefix + "-" + count.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Listens.
   *
   * @throws IOException if the address cannot be bound
   */
  public XdsServer start() throws IOException {
    server.start();
    LOG.info("xDS on port {}", port());
    return this;
  }

  /** Says by gRPC health that proxies are served; until then they wait. */
  public void ready() {
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.SERVING);
  }

  /** The port that it listens on, after {@link #start}. */
  public int port() {
    return server.getPort();
  }

  /** Every connected proxy that has introduced itself, by id. */
  public List<NodeStatus> proxies() {
    return feeds.streams().stream()
        .map(AdsStream::status)
        .flatMap(Optional::stream)
        .sorted(Comparator.comparing(NodeStatus::id).thenComparing(NodeStatus::connectedSince))
        .toList();
  }

  /** Takes no new stream, waits up to {@code grace} for those that are open, then ends them. */
  public void stop(Duration grace) throws InterruptedException {
    health.enterTerminalState();
    server.shutdown();
    if (!server.awaitTermination(grace.toNanos(), TimeUnit.NANOSECONDS)) {
      server.shutdownNow();
      server.awaitTermination();
    }
    timer.shutdownNow();
    pushThread.shutdown();
  }

  /** Stops without waiting for the streams that are open. */
  @Override
  public void close() {
    try {
      stop(Duration.ZERO);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
