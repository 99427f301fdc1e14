package dev.sluice.server.app;

import dev.sluice.server.catalog.CatalogMeters;
import dev.sluice.server.catalog.CatalogWriter;
import dev.sluice.server.load.LoadMetrics;
import dev.sluice.server.load.LoadReportingService;
import dev.sluice.server.pipeline.Pipeline;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.xds.Variant;
import dev.sluice.server.xds.XdsMetrics;
import dev.sluice.server.xds.XdsServer;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** The server's meters. No series is a single proxy's or service's, so their number is bounded. */
final class ServerMetrics implements XdsMetrics, LoadMetrics {
  private final MeterRegistry registry;
  private final Map<Variant, AtomicInteger> streams = new EnumMap<>(Variant.class);
  private final Map<ResourceType, TypeCounters> types = new EnumMap<>(ResourceType.class);
  private final Counter unknownTypes;
  private final Counter loadReports;
  private final Counter loadLeftOut;

  private record TypeCounters(Counter pushes, Counter bytes, Counter acks, Counter nacks) {}

  ServerMetrics(MeterRegistry registry) {
    this.registry = registry;
    for (Variant variant : Variant.values()) {
      AtomicInteger open = new AtomicInteger();
      streams.put(variant, open);
      Gauge.builder("sluice.xds.streams", open, AtomicInteger::get)
          .description("Streams that are open")
          .tag("variant", variant.toString())
          .register(registry);
    }
    for (ResourceType type : ResourceType.values()) {
      types.put(
          type,
          new TypeCounters(
              counter("sluice.xds.pushes", "Responses sent", type),
              counter("sluice.xds.pushed.bytes", "Bytes of configuration sent", type),
              counter("sluice.xds.acks", "Responses that a proxy accepted", type),
              counter("sluice.xds.nacks", "Responses that a proxy refused", type)));
    }
    unknownTypes =
        Counter.builder("sluice.xds.unknown.types")
            .description("Requests for a type that is not served")
            .register(registry);
    loadReports =
        Counter.builder("sluice.load.reports")
            .description("Load reports that proxies sent")
            .register(registry);
    loadLeftOut =
        Counter.builder("sluice.load.left.out")
            .description("Clusters and localities of load reports beyond what is kept of a proxy")
            .register(registry);
  }

  private Counter counter(String name, String description, ResourceType type) {
    return Counter.builder(name)
        .description(description)
        .tag("type", type.shortName())
        .register(registry);
  }

  /** Adds the meters of the stages before the streams, and those of the JVM. */
  void bind(CatalogWriter writer, Pipeline pipeline) {
    gauge("sluice.catalog.services", "Services known", () -> services(writer));
    gauge("sluice.catalog.queue", "Updates that wait to be folded", writer::queueLength);
    CatalogMeters meters = writer.meters();
    count("sluice.catalog.updates", "Source updates folded", meters, CatalogMeters::updates);
    count("sluice.catalog.changes", "Changes published", meters, CatalogMeters::changes);
    count("sluice.catalog.failures", "Changes that failed", meters, CatalogMeters::failures);
    count(
        "sluice.catalog.wait.seconds",
        "Time from the first word of changes until they were published",
        meters,
        of -> of.waited().toNanos() / (double) TimeUnit.SECONDS.toNanos(1));
    count(
        "sluice.translate.cache.hits",
        "Inputs that were translated before",
        pipeline,
        of -> of.cacheStats().hitCount());
    count(
        "sluice.translate.cache.misses",
        "Inputs that had to be translated",
        pipeline,
        of -> of.cacheStats().missCount());
    gauge("sluice.problems", "Problems of the documents now", () -> pipeline.problems().size());
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
  }

  void bind(XdsServer xds) {
    gauge(
        "sluice.xds.quarantined", "Refused content in quarantine", () -> xds.quarantined().size());
    gauge(
        "sluice.xds.canaries",
        "Changed configurations that some proxies have before the others",
        () -> xds.canaries().size());
    gauge(
        "sluice.xds.canaries.halted",
        "Those of them that go no further",
        () -> xds.canaries().stream().filter(one -> one.halted().isPresent()).count());
  }

  void bind(LoadReportingService load) {
    gauge("sluice.load.proxies", "Proxies that report their load", load::proxies);
  }

  private static int services(CatalogWriter writer) {
    return writer.image().catalog().services().size();
  }

  private void gauge(String name, String description, Supplier<Number> value) {
    Gauge.builder(name, value).description(description).register(registry);
  }

  private <T> void count(String name, String description, T of, ToDoubleFunction<T> value) {
    FunctionCounter.builder(name, of, value).description(description).register(registry);
  }

  private TypeCounters of(ResourceType type) {
    return Objects.requireNonNull(types.get(type));
  }

  private AtomicInteger of(Variant variant) {
    return Objects.requireNonNull(streams.get(variant));
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
  public void acknowledged(ResourceType type) {
    of(type).acks().increment();
  }

  @Override
  public void refused(ResourceType type) {
    of(type).nacks().increment();
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
