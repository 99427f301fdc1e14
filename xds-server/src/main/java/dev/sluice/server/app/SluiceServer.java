package dev.sluice.server.app;

import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.server.admin.AdminServer;
import dev.sluice.server.admin.AdminViews;
import dev.sluice.server.admin.ControlPlane;
import dev.sluice.server.admin.DiffRoutes;
import dev.sluice.server.admin.DocumentFacts;
import dev.sluice.server.admin.DocumentRoutes;
import dev.sluice.server.admin.RollbackRoutes;
import dev.sluice.server.admin.RolloutRoutes;
import dev.sluice.server.admin.TelemetryServer;
import dev.sluice.server.catalog.CatalogWriter;
import dev.sluice.server.cli.SluiceCommand;
import dev.sluice.server.csds.ClientStatusService;
import dev.sluice.server.demand.HeardDocuments;
import dev.sluice.server.demand.ServiceDemand;
import dev.sluice.server.diff.DiffFacts;
import dev.sluice.server.diff.Diffs;
import dev.sluice.server.explain.Explain;
import dev.sluice.server.explain.ExplainFacts;
import dev.sluice.server.history.History;
import dev.sluice.server.load.LoadReportingService;
import dev.sluice.server.meters.Meter;
import dev.sluice.server.overrides.OverrideFacts;
import dev.sluice.server.overrides.Overrides;
import dev.sluice.server.pipeline.DemandedGroups;
import dev.sluice.server.pipeline.Moment;
import dev.sluice.server.pipeline.Pipeline;
import dev.sluice.server.rollback.RollbackFacts;
import dev.sluice.server.rollback.Rollbacks;
import dev.sluice.server.rollout.KeptFirst;
import dev.sluice.server.rollout.RolloutFacts;
import dev.sluice.server.rollout.RolloutStore;
import dev.sluice.server.rollout.Rollouts;
import dev.sluice.server.settings.HostPort;
import dev.sluice.server.settings.ServerSettings;
import dev.sluice.server.settings.WebhookSettings;
import dev.sluice.server.snapshot.SnapshotStore;
import dev.sluice.server.status.ProgressLooks;
import dev.sluice.server.status.ProxyStatuses;
import dev.sluice.server.traces.OtlpTraces;
import dev.sluice.server.traces.Traces;
import dev.sluice.server.transport.Transport;
import dev.sluice.server.webhook.WebhookServer;
import dev.sluice.server.xds.NodeStatus;
import dev.sluice.server.xds.XdsServer;
import dev.sluice.source.Source;
import dev.sluice.source.SourceSink;
import dev.sluice.translate.RateLimitDomain;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running control plane: the stages of the pipeline, each given the one after it. */
public final class SluiceServer implements ControlPlane {
  private static final Logger LOG = LoggerFactory.getLogger(SluiceServer.class);
  private static final InstantSource CLOCK = InstantSource.system();

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final ServerMetrics metrics;
  private final Traces traces;
  private final RevisionProgress progress;
  private final StateFolder state;
  private final History history;
  private final SnapshotStore store;
  private final ServerSettings settings;
  private final @Nullable ServiceDemand demand;
  private final List<Source> sources;
  private final SourceLooks sourceLooks;
  private final Pipeline pipeline;
  private final CatalogWriter writer;
  private final JvmMeters jvm;
  private final LoadReportingService load;
  private final XdsServer xds;
  private final ProxyStatuses statuses;
  private final Overrides overrides;
  private final Rollbacks rollbacks;
  private final RolloutStore ownRollouts;
  private final Rollouts rollouts;
  private final AdminServer admin;
  private final @Nullable TelemetryServer telemetry;
  private final @Nullable WebhookServer webhook;
  private final StatusWriters statusWriters;
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("timer").daemon().factory());

  private volatile boolean stopping;

  private SluiceServer(ServerSettings settings, Opened opened) throws IOException {
    this.settings = settings;
    state = opened.add(StateFolder.open(settings.state()));
    history = opened.add(state.history());
    store = new SnapshotStore(history.last());
    URI collector = settings.traces();
    traces =
        collector == null
            ? Traces.NONE
            : opened.add(new OtlpTraces(collector, SluiceCommand.version(), CLOCK));
    metrics = new ServerMetrics(registry, CLOCK, traces);
    progress = new RevisionProgress(traces, System::nanoTime);
    pipeline = new Pipeline(settings.defaults(), store, this::onWriterThread, CLOCK, this::later);
    pipeline.tell(progress);
    pipeline.recorder(history::published);
    demand = Sources.demand(settings);
    sources = Sources.of(settings, state, demand, opened);
    writer =
        opened.add(
            new CatalogWriter(
                sources.stream().map(Source::name).collect(Collectors.toSet()), pipeline, metrics));
    sourceLooks = new SourceLooks(sources, writer::statuses, pipeline::isSynced, CLOCK.instant());
    load = new LoadReportingService(settings.loadReportInterval(), CLOCK, metrics);
    xds =
        opened.add(
            new XdsServer(
                XdsSettings.of(settings),
                store,
                metrics,
                Transport.of(settings.transport(), new TransportMeters(registry)),
                List.of(
                    new ClientStatusService(this::proxies, store::current, store::revisions),
                    load)));
    statuses = new ProxyStatuses(xds::proxies, CLOCK);
    jvm = opened.add(new JvmMeters(registry));
    Meter.BUILD.gauge(registry, () -> 1, SluiceCommand.version());
    metrics.bind(sources.stream().map(Source::name).toList(), sourceLooks);
    metrics.bind(writer, pipeline, store);
    metrics.bind(xds);
    metrics.bind(load);
    overrides = opened.add(overrides(settings, opened));
    Diffs diffs = new Diffs(diffFacts(), DocumentParser.reader());
    RollbackFacts past =
        new RollbackFacts(
            pipeline,
            this::onWriterThread,
            this::later,
            history,
            diffs,
            this::proxies,
            store::current);
    rollbacks = state.rollbacks(settings, past, CLOCK);
    statusWriters = StatusWriters.of(settings.sources(), sources, pipeline, xds, store, opened);
    ownRollouts = state.rollouts(key -> StatusWriters.stands(key, sources));
    RolloutMeters rolled = new RolloutMeters(registry);
    rollouts =
        opened.add(
            new Rollouts(
                new RolloutFacts(
                    pipeline,
                    this::onWriterThread,
                    this::proxies,
                    store::current,
                    xds::withheld,
                    xds::canaries,
                    rolled),
                Stream.concat(statusWriters.stores().values().stream(), Stream.of(ownRollouts))
                    .toList(),
                CLOCK));
    rolled.bind(rollouts);
    admin =
        opened.add(
            AdminServer.start(
                settings.admin(),
                settings.access(),
                new TlsMeters(registry, "admin"),
                SluiceCommand.version(),
                views(),
                registry,
                overrides,
                new DiffRoutes(diffs),
                new RollbackRoutes(rollbacks),
                new RolloutRoutes(rollouts, settings.writing()),
                new DocumentRoutes(documents(), DocumentParser.reader())));
    HostPort address = settings.telemetry();
    telemetry =
        address == null ? null : opened.add(TelemetryServer.start(address, views(), registry));
    WebhookSettings judge = settings.webhook();
    webhook = judge == null ? null : opened.add(webhook(judge));
  }

  private Overrides overrides(ServerSettings given, Opened opened) throws IOException {
    OverrideFacts facts =
        new OverrideFacts(
            pipeline::isSynced,
            () -> writer.image(),
            pipeline::index,
            () -> published(pipeline::documents),
            this::proxies,
            store::current);
    return OverrideStores.overrides(given, facts, CLOCK, opened);
  }

  private DiffFacts diffFacts() {
    return new DiffFacts(
        pipeline::isSynced,
        this::moment,
        Sources.ofDocuments(settings),
        this::proxies,
        xds::quarantined,
        load::current);
  }

  private CompletableFuture<Moment> moment() {
    return CompletableFuture.supplyAsync(() -> pipeline.moment(writer.image()), writer::settled);
  }

  /** On the writer's thread what is in force is out as well. */
  private <T> CompletableFuture<T> published(Supplier<T> known) {
    return CompletableFuture.supplyAsync(known, writer::run);
  }

  private WebhookServer webhook(WebhookSettings given) throws IOException {
    return WebhookServer.start(
        given, DocumentParser.reader(), registry, new TlsMeters(registry, "webhook"));
  }

  /**
   * Starts a server.
   *
   * @throws IOException when an address cannot be listened on, or a TLS file cannot be used; the
   *     message names it
   */
  public static ControlPlane start(ServerSettings settings) throws IOException {
    Opened opened = new Opened();
    try {
      SluiceServer server = new SluiceServer(settings, opened);
      server.run();
      return server;
    } catch (IOException | RuntimeException e) {
      opened.close(e);
      throw e;
    }
  }

  private void run() throws IOException {
    try {
      xds.start();
    } catch (IOException e) {
      throw new IOException("xDS cannot listen on " + settings.xds() + ": " + e.getMessage(), e);
    }
    store.demand(
        demand == null ? pipeline : new DemandedGroups(demand, pipeline, writer::settled, timer));
    rollbacks.resume();
    rollouts.resume(ownRollouts);
    writer.start();
    SourceSink heard = demand == null ? writer : HeardDocuments.of(sources, writer, demand, timer);
    SourceSink sink = new KeptFirst(heard, rollouts, statusWriters.stores(), timer);
    sources.forEach(source -> source.start(sink));
    statusWriters.start();
    rollouts.start();
    var _ = timer.scheduleWithFixedDelay(this::tick, 1, 1, TimeUnit.SECONDS);
  }

  private void tick() {
    try {
      if (pipeline.isSynced()) {
        xds.ready();
        progress.look(xds::lags);
        if (demand != null) {
          demand.look(pipeline.documents(), System.nanoTime());
        }
      }
    } catch (RuntimeException e) {
      LOG.error(
          "it could not be seen whether the sources have synced, what they are to watch, and who has"
              + " acknowledged what; trying again",
          e);
    }
  }

  private List<NodeStatus> proxies() {
    return xds.proxies();
  }

  private void later(Instant when, Runnable task) {
    long millis = Math.max(1, Duration.between(CLOCK.instant(), when).toMillis() + 1);
    var _ = timer.schedule(() -> onWriterThread(task), millis, TimeUnit.MILLISECONDS);
  }

  private void onWriterThread(Runnable task) {
    writer.run(task);
  }

  @Override
  public InetSocketAddress xdsAddress() {
    return new InetSocketAddress(settings.xds().host(), xds.port());
  }

  @Override
  public InetSocketAddress adminAddress() {
    return admin.address();
  }

  @Override
  public Optional<InetSocketAddress> telemetryAddress() {
    return Optional.ofNullable(telemetry).map(TelemetryServer::address);
  }

  @Override
  public Optional<InetSocketAddress> webhookAddress() {
    return Optional.ofNullable(webhook).map(WebhookServer::address);
  }

  @Override
  public AdminViews views() {
    return new AdminViews(
        () -> statuses.current(),
        xds::departed,
        () -> writer.image(),
        pipeline::statuses,
        sourceLooks,
        pipeline::problems,
        xds::quarantined,
        xds::canaries,
        history::revisions,
        () -> RateLimitDomain.files(pipeline.index()),
        () -> stopping,
        load::current,
        new Explain(
            new ExplainFacts(
                statuses::current,
                store::current,
                xds::earlier,
                pipeline::index,
                pipeline::documents)));
  }

  private DocumentFacts documents() {
    ProgressLooks looks = new ProgressLooks(xds::proxies, store::current, System::nanoTime);
    return new DocumentFacts(
        () ->
            published(
                () ->
                    new DocumentFacts.Told(
                        pipeline.judged(),
                        pipeline.documents(),
                        pipeline.statuses(),
                        pipeline.index())),
        () -> looks.look().progress(),
        xds::quarantined,
        this::proxies,
        store::current);
  }

  @Override
  public void drain() {
    stopping = true;
    rollouts.close(); // Whoever is sent away has not acknowledged anything by that.
    try {
      xds.stop(settings.transport().drain());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops from the source to the proxies, so that nothing half-way is sent. */
  @Override
  public void close() {
    rollouts.close(); // Where it was not drained before.
    statusWriters.close();
    sources.forEach(Source::close);
    writer.close();
    history.close();
    xds.close();
    admin.close();
    overrides.close();
    if (telemetry != null) {
      telemetry.close();
    }
    if (webhook != null) {
      webhook.close();
    }
    jvm.close();
    traces.close();
    timer.shutdownNow(); // Last: the others have it run what they must not wait for.
    try {
      state.close();
    } catch (IOException e) {
      LOG.warn("the lock of the state directory could not be released", e);
    }
  }
}
