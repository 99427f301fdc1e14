package dev.sluice.server.meters;

import static dev.sluice.server.meters.Meter.Form.COUNTER;
import static dev.sluice.server.meters.Meter.Form.GAUGE;
import static dev.sluice.server.meters.Meter.Form.HISTOGRAM;
import static dev.sluice.server.meters.Meter.Form.SUMMARY;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/** The declaration of every meter: its name, form, labels and meaning. */
public enum Meter {
  BUILD(GAUGE, "build.info", "1, for its label", Label.VERSION),
  REVISION(
      GAUGE,
      "revision",
      "The newest revision (sluice history); it counts from 1 at each start, unless state is set"),
  PROBLEMS(GAUGE, "problems", "Problems of the documents now"),

  SOURCE_SYNCED(
      GAUGE,
      "source.synced",
      "1 while the source tells what is, 0 while it is STARTING or STALE",
      Label.SOURCE),
  SOURCE_UNSYNCED(
      GAUGE,
      "source.unsynced.seconds",
      "For how long it has been STARTING or STALE; 0 while it is neither",
      Label.SOURCE),
  SOURCE_UPDATES(COUNTER, "source.updates", "Updates that the source told", Label.SOURCE),
  SOURCE_AGE(
      GAUGE,
      "source.last.update.timestamp.seconds",
      "When it told something last, in seconds since 1970; a source tells only what has changed",
      Label.SOURCE),

  CATALOG_SERVICES(GAUGE, "catalog.services", "Services known"),
  CATALOG_INSTANCES(GAUGE, "catalog.instances", "Instances of services", Label.HEALTH),
  CATALOG_DOCUMENTS(GAUGE, "catalog.documents", "Documents known", Label.KIND),
  CATALOG_SECRETS(GAUGE, "catalog.secrets", "Secrets known"),
  CATALOG_QUEUE(GAUGE, "catalog.queue", "Lists of updates, and tasks, that wait to be folded"),
  CATALOG_QUEUED(HISTOGRAM, "catalog.queued", "Time from a source's word until it was folded"),
  CATALOG_WAIT(
      HISTOGRAM,
      "catalog.wait",
      "Time from the first word of changes until they were published: the wait for more of their like (100 ms at most), and the work"),
  CATALOG_CHANGES(COUNTER, "catalog.changes", "Changes published, each of one update or more"),
  CATALOG_FAILURES(COUNTER, "catalog.failures", "Changes that failed; the log says why"),
  PIPELINE(
      HISTOGRAM,
      "pipeline",
      "Time that one change took from the catalog to the snapshots: attached, translated, published"),
  TRANSLATE_HITS(COUNTER, "translate.cache.hits", "Inputs that were translated before"),
  TRANSLATE_MISSES(COUNTER, "translate.cache.misses", "Inputs that had to be translated"),

  ROLLOUTS(GAUGE, "rollouts", "Rollouts, by what they are at (sluice rollout status)", Label.PHASE),
  ROLLOUTS_PAUSED(GAUGE, "rollouts.paused", "Those of them that are paused"),
  ROLLOUT_PHASES(
      COUNTER,
      "rollouts.phases",
      "Phases that rollouts came to, where this server leads",
      Label.PHASE),
  ROLLOUT_ACKS(
      HISTOGRAM,
      "rollouts.ack",
      "Time from a change of shares until the last proxy acknowledged it, where this server leads"),

  XDS_CONNECTIONS(GAUGE, "xds.connections", "Connections that are open"),
  XDS_STREAMS(GAUGE, "xds.streams", "Streams that are open", Label.VARIANT),
  XDS_PROXIES(GAUGE, "xds.proxies", "Proxies that are connected"),
  XDS_OUT_OF_SYNC(
      GAUGE,
      "xds.proxies.out.of.sync",
      "Proxies that have not acknowledged what they are to have for longer than that; what is in quarantine they are not to have",
      Label.LONGER_THAN),
  XDS_PUSHES(COUNTER, "xds.pushes", "Responses sent", Label.TYPE),
  XDS_BYTES(COUNTER, "xds.pushed.bytes", "Bytes of configuration sent", Label.TYPE),
  XDS_ACKS(COUNTER, "xds.acks", "Responses that a proxy accepted", Label.TYPE),
  XDS_NACKS(COUNTER, "xds.nacks", "Responses that a proxy refused", Label.TYPE),
  XDS_ACK_TIME(
      HISTOGRAM, "xds.ack", "Time from a response until the proxy accepted it", Label.TYPE),
  XDS_QUARANTINED(
      GAUGE,
      "xds.quarantined",
      "Resources, or virtual hosts, that a proxy refused and others are not given"),
  XDS_CANARIES(
      GAUGE, "xds.canaries", "Changed configurations that some proxies have before the others"),
  XDS_CANARIES_HALTED(GAUGE, "xds.canaries.halted", "Those of them that go no further"),
  XDS_REFUSALS(COUNTER, "xds.refusals", "Streams and connections that were refused", Label.REASON),
  XDS_UNKNOWN_TYPES(COUNTER, "xds.unknown.types", "Requests for a type that is not served"),

  LOAD_PROXIES(GAUGE, "load.proxies", "Proxies that report their load"),
  LOAD_REPORTS(COUNTER, "load.reports", "Load reports that proxies sent"),
  LOAD_LEFT_OUT(
      COUNTER,
      "load.left.out",
      "Clusters and localities of load reports beyond what is kept of a proxy"),

  ADMIN_REQUESTS(
      SUMMARY,
      "admin.requests",
      "Requests to the admin API, and how long they took",
      Label.METHOD,
      Label.PATH,
      Label.STATUS),
  WEBHOOK_REVIEWS(
      SUMMARY,
      "webhook.reviews",
      "Objects that the webhook judged, and how long that took",
      Label.OUTCOME),
  TLS_FAILING(
      GAUGE,
      "tls.failing",
      "1 while changed TLS files cannot be used and those before are; with TLS alone",
      Label.PORT),
  TLS_EXPIRY(
      GAUGE,
      "tls.expiry.timestamp.seconds",
      "When the port's certificate ends, in seconds since 1970; with TLS alone",
      Label.PORT);

  private static final Duration[] BUCKETS =
      Stream.of(1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000, 30_000, 60_000)
          .map(Duration::ofMillis)
          .toArray(Duration[]::new);

  /** How it is counted. */
  public enum Form {
    GAUGE,
    COUNTER,
    /**
     * Of times: their number and sum, and the longest of the last minutes as a gauge, {@code _max}.
     */
    SUMMARY,
    /** Of times: buckets too, from 1 ms to 60 s. */
    HISTOGRAM
  }

  private final Form form;
  private final String name;
  private final String description;

  @SuppressWarnings("ImmutableEnumChecker") // Made by List.of.
  private final List<Label> labels;

  Meter(Form form, String name, String description, Label... labels) {
    this.form = form;
    this.name = "sluice." + name;
    this.description = description;
    this.labels = List.of(labels);
  }

  /** How it is counted. */
  public Form form() {
    return form;
  }

  /** What it tells. */
  public String description() {
    return description;
  }

  /** What tells its series apart. */
  public List<Label> labels() {
    return labels;
  }

  /** Its name in Prometheus. */
  public String prometheusName() {
    return name.replace('.', '_')
        + switch (form) {
          case GAUGE -> "";
          case COUNTER -> "_total";
          case SUMMARY, HISTOGRAM -> "_seconds";
        };
  }

  /** A counter; {@code values} are those of the labels. */
  public Counter counter(MeterRegistry registry, String... values) {
    return Counter.builder(called(COUNTER))
        .description(description)
        .tags(tags(values))
        .register(registry);
  }

  /** A counter whose count is kept elsewhere; {@code values} are those of the labels. */
  public <T> void counted(
      MeterRegistry registry, T of, ToDoubleFunction<T> count, String... values) {
    FunctionCounter.builder(called(COUNTER), of, count)
        .description(description)
        .tags(tags(values))
        .register(registry);
  }

  /** A gauge; {@code values} are those of the labels. */
  public void gauge(MeterRegistry registry, Supplier<Number> value, String... values) {
    Gauge.builder(called(GAUGE), value)
        .description(description)
        .tags(tags(values))
        .strongReference(true)
        .register(registry);
  }

  /** A summary or histogram of times; {@code values} are those of the labels. */
  public Timer timer(MeterRegistry registry, String... values) {
    Timer.Builder timer = Timer.builder(name).description(description).tags(tags(values));
    switch (form) {
      case SUMMARY -> {}
      case HISTOGRAM -> timer.serviceLevelObjectives(BUCKETS);
      case GAUGE, COUNTER -> throw new IllegalStateException(this + " is no timer");
    }
    return timer.register(registry);
  }

  private String called(Form wanted) {
    if (form != wanted) {
      throw new IllegalStateException(this + " is no " + wanted.name().toLowerCase(Locale.ROOT));
    }
    return name;
  }

  private Tags tags(String... values) {
    if (values.length != labels.size()) {
      throw new IllegalArgumentException(this + " has the labels " + labels);
    }
    List<Tag> tags = new ArrayList<>();
    for (int i = 0; i < values.length; i++) {
      tags.add(Tag.of(labels.get(i).word(), values[i]));
    }
    return Tags.of(tags);
  }
}
