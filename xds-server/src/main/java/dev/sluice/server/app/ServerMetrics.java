package dev.sluice.server.app;

import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.SourceName;
import dev.sluice.node.NodeGroup;
import dev.sluice.server.catalog.CatalogImage;
import dev.sluice.server.catalog.CatalogMeters;
import dev.sluice.server.catalog.CatalogMetrics;
import dev.sluice.server.catalog.CatalogWriter;
import dev.sluice.server.load.LoadMetrics;
import dev.sluice.server.load.LoadReportingService;
import dev.sluice.server.meters.Meter;
import dev.sluice.server.pipeline.Pipeline;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.SnapshotStore;
import dev.sluice.server.xds.Lags;
import dev.sluice.server.xds.Variant;
import dev.sluice.server.xds.XdsMetrics;
import dev.sluice.server.xds.XdsServer;
import dev.sluice.source.SourceStatus;
import dev.sluice.spec.Kind;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;

/** The server's meters, as {@link Meter} declares them; made before anything is counted. */
final class ServerMetrics implements XdsMetrics, LoadMetrics, CatalogMetrics {
  private static final List<Integer> SECONDS = List.of(1, 10, 60, 600);
  private static final Duration FRESH = Duration.ofSeconds(1);

  private final MeterRegistry registry;
  private final InstantSource clock;
  private final XdsMetrics traces;
  private final Map<Variant, AtomicInteger> streams = new EnumMap<>(Variant.class);
  private final Map<ResourceType, TypeMeters> types = new EnumMap<>(ResourceType.class);
  private final Map<SourceName, SourceMeters> sources = new HashMap<>();
  private final Counter unknownTypes;
  private final Counter loadReports;
  private final Counter loadLeftOut;
  private final Timer queued;
  private final Timer waited;
  private final Timer pipeline;

  private record TypeMeters(
      Counter pushes, Counter bytes, Counter acks, Counter nacks, Timer ackTime) {}

  private record SourceMeters(Counter updates, AtomicLong toldAtMillis) {}

  ServerMetrics(MeterRegistry registry, InstantSource clock, XdsMetrics traces) {
    this.registry = registry;
    this.traces = traces;
    this.clock = clock;
    for (Variant variant : Variant.values()) {
      AtomicInteger open = new AtomicInteger();
      streams.put(variant, open);
      Meter.XDS_STREAMS.gauge(registry, open::get, variant.toString());
    }
    for (ResourceType type : ResourceType.values()) {
      String name = type.shortName();
      types.put(
          type,
          new TypeMeters(
              Meter.XDS_PUSHES.counter(registry, name),
              Meter.XDS_BYTES.counter(registry, name),
              Meter.XDS_ACKS.counter(registry, name),
              Meter.XDS_NACKS.counter(registry, name),
              Meter.XDS_ACK_TIME.timer(registry, name)));
    }
    unknownTypes = Meter.XDS_UNKNOWN_TYPES.counter(registry);
    loadReports = Meter.LOAD_REPORTS.counter(registry);
    loadLeftOut = Meter.LOAD_LEFT_OUT.counter(registry);
    queued = Meter.CATALOG_QUEUED.timer(registry);
    waited = Meter.CATALOG_WAIT.timer(registry);
    pipeline = Meter.PIPELINE.timer(registry);
  }

  /** Adds the meters of each source; called before any of them tells something. */
  void bind(Collection<SourceName> names, Supplier<List<SourceStatus>> statuses) {
    for (SourceName source : names) {
      String name = source.toString();
      SourceMeters meters =
          new SourceMeters(Meter.SOURCE_UPDATES.counter(registry, name), new AtomicLong());
      sources.put(source, meters);
      Meter.SOURCE_AGE.gauge(
          registry,
          () -> meters.toldAtMillis().get() / (double) TimeUnit.SECONDS.toMillis(1),
          name);
      Meter.SOURCE_SYNCED.gauge(registry, () -> unsynced(source, statuses) > 0 ? 0 : 1, name);
      Meter.SOURCE_UNSYNCED.gauge(registry, () -> unsynced(source, statuses), name);
    }
  }

  /** In seconds; more than 0 where the source is not synced. */
  private double unsynced(SourceName source, Supplier<List<SourceStatus>> statuses) {
    return statuses.get().stream()
        .filter(status -> status.source().equals(source))
        .filter(status -> status.state() != SourceStatus.State.SYNCED)
        .mapToDouble(
            status ->
                Math.max(1, Duration.between(status.since(), clock.instant()).toMillis())
                    / (double) TimeUnit.SECONDS.toMillis(1))
        .findFirst()
        .orElse(0);
  }

  /** Adds the meters of the stages before the streams. */
  void bind(CatalogWriter writer, Pipeline pipeline, SnapshotStore store) {
    Meter.CATALOG_SERVICES.gauge(registry, () -> writer.image().catalog().services().size());
    Memo<Map<Health, Long>> instances = new Memo<>(() -> instances(writer.image()), FRESH);
    for (Health health : Health.values()) {
      Meter.CATALOG_INSTANCES.gauge(
          registry,
          () -> instances.get().getOrDefault(health, 0L),
          health.name().toLowerCase(Locale.ROOT));
    }
    for (Kind kind : Kind.values()) {
      Meter.CATALOG_DOCUMENTS.gauge(
          registry,
          () ->
              writer.image().documents().all().keySet().stream()
                  .filter(key -> key.kind() == kind)
                  .count(),
          kind.toString());
    }
    Meter.CATALOG_SECRETS.gauge(registry, () -> writer.image().secrets().all().size());
    Meter.CATALOG_QUEUE.gauge(registry, writer::queueLength);
    CatalogMeters meters = writer.meters();
    Meter.CATALOG_CHANGES.counted(registry, meters, CatalogMeters::changes);
    Meter.CATALOG_FAILURES.counted(registry, meters, CatalogMeters::failures);
    Meter.TRANSLATE_HITS.counted(registry, pipeline, of -> of.cacheStats().hitCount());
    Meter.TRANSLATE_MISSES.counted(registry, pipeline, of -> of.cacheStats().missCount());
    Meter.PROBLEMS.gauge(registry, () -> pipeline.problems().size());
    Meter.REVISION.gauge(registry, store::lastRevision);
  }

  private static Map<Health, Long> instances(CatalogImage image) {
    Map<Health, Long> counts = new EnumMap<>(Health.class);
    image
        .catalog()
        .services()
        .values()
        .forEach(
            service -> {
              for (Endpoint endpoint : service.endpoints()) {
                counts.merge(endpoint.health(), 1L, Long::sum);
              }
            });
    return counts;
  }

  void bind(XdsServer xds) {
    Memo<Lags> lags = new Memo<>(xds::lags, FRESH);
    Meter.XDS_PROXIES.gauge(registry, () -> lags.get().proxies().size());
    for (int seconds : SECONDS) {
      Meter.XDS_OUT_OF_SYNC.gauge(
          registry,
          () -> lags.get().longerThan(Duration.ofSeconds(seconds)),
          String.valueOf(seconds));
    }
    Meter.XDS_QUARANTINED.gauge(registry, () -> xds.quarantined().size());
    Meter.XDS_CANARIES.gauge(registry, () -> xds.canaries().size());
    Meter.XDS_CANARIES_HALTED.gauge(
        registry, () -> xds.canaries().stream().filter(one -> one.halted().isPresent()).count());
  }

  void bind(LoadReportingService load) {
    Meter.LOAD_PROXIES.gauge(registry, load::proxies);
  }

  private TypeMeters of(ResourceType type) {
    return Objects.requireNonNull(types.get(type));
  }

  private AtomicInteger of(Variant variant) {
    return Objects.requireNonNull(streams.get(variant));
  }

  @Override
  public void folded(SourceName source, int updates, long nanos) {
    queued.record(nanos, TimeUnit.NANOSECONDS);
    SourceMeters meters = sources.get(source);
    if (meters != null) {
      meters.updates().increment(updates);
      meters.toldAtMillis().set(clock.millis());
    }
  }

  @Override
  public void changed(long waitedNanos, long tookNanos) {
    waited.record(waitedNanos, TimeUnit.NANOSECONDS);
    pipeline.record(tookNanos, TimeUnit.NANOSECONDS);
  }

  @Override
  public void opened(Variant variant) {
    of(variant).incrementAndGet();
  }

  @Override
  public void closed(Variant variant) {
    of(variant).decrementAndGet();
  }

  @Override
  public void pushed(ResourceType type, int bytes) {
    of(type).pushes().increment();
    of(type).bytes().increment(bytes);
  }

  @Override
  public void answered(
      NodeGroup group, String proxy, ResourceType type, Answer answer, long nanos) {
    switch (answer) {
      case ACK -> {
        of(type).acks().increment();
        of(type).ackTime().record(nanos, TimeUnit.NANOSECONDS);
      }
      case NACK -> of(type).nacks().increment();
    }
    traces.answered(group, proxy, type, answer, nanos);
  }

  @Override
  public void unknownType(String typeUrl) {
    unknownTypes.increment();
  }

  @Override
  public void reported(int leftOut) {
    loadReports.increment();
    loadLeftOut.increment(leftOut);
  }
}
