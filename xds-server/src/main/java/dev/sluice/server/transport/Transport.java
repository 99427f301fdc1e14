package dev.sluice.server.transport;

import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A port's TLS, limits and connections. One of a server: it is made before, and closed with it. */
public final class Transport implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Transport.class);
  private static final Status GO =
      Status.UNAVAILABLE.withDescription("the server is stopping; connect to another");

  /** How soon changed files are seen. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final TransportSettings settings;
  private final EventLoops loops = new EventLoops();
  private final Connections connections;
  private final RefusalLog log;
  private final Admission admission;
  private final @Nullable Certificates certificates;
  private final ScheduledThreadPoolExecutor timer;

  private Transport(
      TransportSettings settings,
      TransportMetrics metrics,
      RefusalLog log,
      @Nullable Certificates certificates) {
    this.settings = settings;
    this.certificates = certificates;
    this.log = log;
    connections = new Connections(settings.identity(), metrics, loops);
    admission = new Admission(settings.limits(), log, System::nanoTime);
    timer =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name("xds-transport").daemon().factory());
    if (certificates != null) {
      var _ =
          timer.scheduleWithFixedDelay(
              () -> look(certificates), LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }
  }

  /**
   * A transport of these settings, its certificates read.
   *
   * @throws TlsFilesException where they cannot be used
   */
  public static Transport of(TransportSettings settings, TransportMetrics metrics)
      throws TlsFilesException {
    if (!settings.isIdentityProved()) {
      throw new IllegalArgumentException("identity needs clients' certificates, tls.clientCa");
    }
    TlsFiles files = settings.tls();
    return new Transport(
        settings,
        metrics,
        new RefusalLog(metrics, System::nanoTime),
        files == null ? null : new Certificates(files, metrics, InstantSource.system()));
  }

  /** A transport without TLS, without limits on streams. */
  public static Transport open() {
    TransportMetrics none = TransportMetrics.NONE;
    RefusalLog log = new RefusalLog(none, System::nanoTime);
    return new Transport(TransportSettings.OPEN, none, log, null);
  }

  /** A server at this address that all of the settings hold for. */
  public NettyServerBuilder listenAt(InetSocketAddress address) {
    StreamLimits limits = settings.limits();
    Keepalive keepalive = settings.keepalive();
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(address)
            .maxInboundMessageSize(limits.messageBytes())
            .keepAliveTime(keepalive.time().toNanos(), TimeUnit.NANOSECONDS)
            .keepAliveTimeout(keepalive.timeout().toNanos(), TimeUnit.NANOSECONDS)
            .permitKeepAliveTime(keepalive.permit().toNanos(), TimeUnit.NANOSECONDS)
            .permitKeepAliveWithoutCalls(true)
            .addTransportFilter(connections)
            .addStreamTracerFactory(MessageSizes.factory(log))
            .intercept(admission);
    loops.serve(builder);
    if (limits.streamsPerConnection() < Integer.MAX_VALUE) {
      // HTTP/2's own limit makes clients wait without a word; so one more gets in, to be told.
      builder.maxConcurrentCallsPerConnection(limits.streamsPerConnection() + 1);
    }
    ConnectionAge age = settings.connectionAge();
    if (age != null) {
      builder
          .maxConnectionAge(age.max().toNanos(), TimeUnit.NANOSECONDS)
          .maxConnectionAgeGrace(age.grace().toNanos(), TimeUnit.NANOSECONDS);
    }
    if (certificates != null) {
      builder.sslContext(ServerTls.of(certificates, log));
    }
    return builder;
  }

  /** Over how long the streams are to be ended at a stop. */
  public Duration drainTime() {
    return settings.drain();
  }

  /**
   * Lets no new stream in, and ends those that are open with UNAVAILABLE, connection by connection
   * and evenly over {@code time}, so that proxies do not come to other replicas all at once.
   * Returns at once.
   */
  public void drain(Duration time) {
    admission.stop();
    List<Connection> busy = connections.busy();
    if (!busy.isEmpty() && time.isPositive()) {
      LOG.info("Ending the streams of {} connections over {} ms", busy.size(), time.toMillis());
    }
    for (int i = 0; i < busy.size(); i++) {
      Connection connection = busy.get(i);
      long delay = time.toNanos() / busy.size() * i;
      var _ = timer.schedule(() -> connection.end(GO), delay, TimeUnit.NANOSECONDS);
    }
  }

  private static void look(Certificates certificates) {
    try {
      certificates.look();
    } catch (RuntimeException e) {
      LOG.error("TLS: looking for changed files failed; trying again", e);
    }
  }

  /** Looks for changed files no more, and ends the threads that served connections. */
  @Override
  public void close() {
    timer.shutdownNow();
    loops.close();
  }
}
