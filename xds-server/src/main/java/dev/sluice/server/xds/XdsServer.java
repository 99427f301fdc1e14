package dev.sluice.server.xds;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotStore;
import dev.sluice.server.transport.Transport;
import io.grpc.BindableService;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallExecutorSupplier;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the snapshots of a {@link SnapshotStore} to proxies, with gRPC health and reflection
 * beside them. A proxy waits until its group's first snapshot is published.
 */
public final class XdsServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(XdsServer.class);

  /** How long clients have to take what was still sent. */
  private static final Duration LAST_FRAMES = Duration.ofSeconds(1);

  /** How often within the deadline it is looked whether streams make progress. */
  private static final int PROGRESS_CHECKS = 8;

  private final HealthStatusManager health = new HealthStatusManager();
  private final ExecutorService pushThread = Executors.newSingleThreadExecutor(named("xds-push"));
  private final ExecutorService others = Executors.newFixedThreadPool(2, named("xds-others"));
  private final Feeds feeds;
  private final ScheduledThreadPoolExecutor timer;
  private final Departures departures = new Departures(InstantSource.system());
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final Transport transport;
  private final Server server;

  /** A server without TLS and limits, that counts nothing. It listens after {@link #start}. */
  public XdsServer(XdsServerSettings settings, SnapshotStore store) {
    this(settings, store, XdsMetrics.NONE, List.of());
  }

  /** A server with {@code others} and without TLS and limits. It listens after {@link #start}. */
  public XdsServer(
      XdsServerSettings settings,
      SnapshotStore store,
      XdsMetrics metrics,
      List<BindableService> others) {
    this(settings, store, metrics, Transport.open(), others);
  }

  /**
   * A server with {@code others} beside the discovery services. They run on threads of their own,
   * so what they take their time for delays no proxy. It listens after {@link #start}.
   *
   * @param transport what secures and limits its port; closed with the server
   */
  public XdsServer(
      XdsServerSettings settings,
      SnapshotStore store,
      XdsMetrics metrics,
      Transport transport,
      List<BindableService> others) {
    this.transport = transport;
    health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, ServingStatus.NOT_SERVING);
    // A deadline that comes up while the server stops is of no use any more.
    timer =
        new ScheduledThreadPoolExecutor(
            1, named("xds-timer"), new ThreadPoolExecutor.DiscardPolicy());
    timer.setRemoveOnCancelPolicy(true);
    long origin = System.nanoTime();
    LongSupplier nanoTime = () -> System.nanoTime() - origin;
    feeds =
        new Feeds(
            store,
            pushThread,
            new FeedContext(settings.stages(), timer, nanoTime, InstantSource.system()));
    StreamContext context =
        new StreamContext(
            feeds,
            new Shared(),
            new EncodedResponses(),
            timer,
            nanoTime,
            InstantSource.system(),
            settings.makeBeforeBreakDeadline(),
            metrics,
            new RefusedStreams(System::nanoTime),
            departures);
    long check = settings.progressDeadline().toNanos() / PROGRESS_CHECKS;
    var _ =
        timer.scheduleWithFixedDelay(
            () -> endStuckStreams(settings.progressDeadline()), check, check, TimeUnit.NANOSECONDS);
    List<ServerServiceDefinition> discovery = DiscoveryServices.of(context);
    server =
        transport
            .listenAt(settings.address())
            .directExecutor() // A request is a few microseconds' work, less than a hop costs.
            .callExecutor(notOnTheEventLoop(discovery))
            .addServices(discovery)
            .addServices(others.stream().map(BindableService::bindService).toList())
            .addService(health.getHealthService())
            .addService(ProtoReflectionServiceV1.newInstance())
            .addService(olderReflection())
            .build();
  }

  private void endStuckStreams(Duration deadline) {
    for (AdsStream stream : feeds.streams()) {
      try {
        stream.endIfStuck(deadline);
      } catch (RuntimeException e) {
        LOG.error("A stream that takes nothing could not be ended", e);
      }
    }
  }

  @SuppressWarnings("deprecation") // Tools that are a few years old know no other.
  private static BindableService olderReflection() {
    return io.grpc.protobuf.services.ProtoReflectionService.newInstance();
  }

  /**
   * Where a call runs that is neither to a discovery service nor to health; null leaves it on the
   * event loop. A probe is answered from memory, and must not wait for what takes its time.
   */
  private ServerCallExecutorSupplier notOnTheEventLoop(List<ServerServiceDefinition> discovery) {
    Set<String> onIt =
        Stream.concat(
                discovery.stream().map(service -> service.getServiceDescriptor().getName()),
                Stream.of(HealthGrpc.SERVICE_NAME))
            .collect(Collectors.toUnmodifiableSet());
    return new ServerCallExecutorSupplier() {
      @Override
      public <Q, R> @Nullable Executor getExecutor(ServerCall<Q, R> call, Metadata headers) {
        String service = call.getMethodDescriptor().getServiceName();
        return service != null && onIt.contains(service) ? null : others;
      }
    };
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

  /**
   * Every connected proxy that has introduced itself, by id. The streams of services of one type
   * that come from one node count as one proxy.
   */
  public List<NodeStatus> proxies() {
    List<NodeStatus> aggregated = new ArrayList<>();
    List<NodeStatus> ofOneType = new ArrayList<>();
    NodeStatuses look = new NodeStatuses();
    for (AdsStream stream : feeds.streams()) {
      stream.status(look).ifPresent((stream.isOfOneType() ? ofOneType : aggregated)::add);
    }
    return Stream.concat(aggregated.stream(), StreamsOfOneType.together(ofOneType).stream())
        .sorted(Comparator.comparing(NodeStatus::id).thenComparing(NodeStatus::connectedSince))
        .toList();
  }

  /** Every proxy that left within the last hour and has not come back, by id. */
  public List<Departed> departed() {
    return departures.current();
  }

  /** What the proxies of {@code group} were served lately, the newest first. */
  public List<Snapshot> earlier(NodeGroup group) {
    return feeds.earlier(group);
  }

  /** How far behind each proxy is; far cheaper than {@link #proxies}. */
  public Lags lags() {
    return Lags.of(feeds.streams().stream().flatMap(stream -> stream.lag().stream()).toList());
  }

  /** What proxies refused, and others are therefore not given; sorted as they were refused. */
  public List<Quarantined> quarantined() {
    return feeds.quarantined().stream().sorted(Comparator.comparing(Quarantined::since)).toList();
  }

  /** The same, as it can be found again in what is published. */
  public List<Withheld> withheld() {
    return feeds.withheld();
  }

  /** Changed configurations that some proxies have before the others; sorted by their beginning. */
  public List<ConfigCanary> canaries() {
    return feeds.canaries().stream().sorted(Comparator.comparing(ConfigCanary::since)).toList();
  }

  /**
   * Takes no new stream, and ends those that are open evenly over {@code time}; returns when the
   * last has ended. Health says NOT_SERVING from the start.
   */
  public void stop(Duration time) throws InterruptedException {
    if (stopping.compareAndSet(false, true)) {
      health.enterTerminalState(); // Which complains of a second time.
    }
    transport.drain(time);
    server.shutdown();
    Duration limit = time.isZero() ? time : time.plus(LAST_FRAMES);
    if (!server.awaitTermination(limit.toNanos(), TimeUnit.NANOSECONDS)) {
      server.shutdownNow();
      server.awaitTermination();
    }
    transport.close();
    timer.shutdownNow();
    pushThread.shutdown();
    others.shutdown();
  }

  /** Stops at once. */
  @Override
  public void close() {
    try {
      stop(Duration.ZERO);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
