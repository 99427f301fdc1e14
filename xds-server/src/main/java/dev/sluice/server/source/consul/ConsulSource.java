package dev.sluice.server.source.consul;

import dev.sluice.catalog.SourceName;
import dev.sluice.server.consul.Addresses;
import dev.sluice.server.consul.ConsulClient;
import dev.sluice.server.demand.ServiceDemand;
import dev.sluice.server.source.Observed;
import dev.sluice.server.source.SourceThread;
import dev.sluice.server.source.StatusReport;
import dev.sluice.server.source.consul.Arrivals.Arrival;
import dev.sluice.source.DocumentReader;
import dev.sluice.source.Source;
import dev.sluice.source.SourceEntry;
import dev.sluice.source.SourceSink;
import dev.sluice.source.SourceStatus.State;
import dev.sluice.source.SourceUpdate;
import dev.sluice.source.SourceUpdate.Replace;
import dev.sluice.source.SourceUpdate.Synced;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The services of a Consul data centre, and the documents in its key-value store.
 *
 * <p>It has synced once everything was read. Last good wins: while Consul does not answer nothing
 * is told but the status; a document that is not valid stays as it was, and instances stay for a
 * while that are doubtful ({@link Outage}, {@link Restored}).
 *
 * <p>Threads of the client bring answers; one thread, named {@code consul-…}, does everything else.
 */
public final class ConsulSource implements Source {
  private static final Logger LOG = LoggerFactory.getLogger(ConsulSource.class);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final SourceName name;
  private final ConsulClient client;
  private final DocumentReader reader;
  private final Options options;
  private final @Nullable ServiceDemand demand;
  private final Arrivals arrivals = new Arrivals();
  private final SourceThread thread;
  private volatile boolean closed;
  private volatile SortedMap<String, Observed> observed = new TreeMap<>();

  /**
   * What is watched, and how.
   *
   * @param namespace in which Sluice knows the services
   * @param port that callers dial where an instance's metadata do not say so, 1 to 65535
   * @param services which are watched
   * @param addresses which of an instance's addresses counts
   * @param policies what the keys begin with whose values are documents; empty for none
   * @param holdEmpty how long instances stay that are doubtful; zero not to
   * @param connections how many services may be asked about at the same time, at least 1
   * @param needsLeader whether what is read without a leader is not current
   */
  public record Options(
      String namespace,
      int port,
      WantedServices services,
      Addresses addresses,
      Optional<String> policies,
      Duration holdEmpty,
      int connections,
      boolean needsLeader) {
    public Options {
      Objects.requireNonNull(namespace);
      Objects.requireNonNull(services);
      Objects.requireNonNull(addresses);
      Objects.requireNonNull(policies);
      Objects.requireNonNull(holdEmpty);
      if (connections < 1) {
        throw new IllegalArgumentException("connections " + connections + " is below 1");
      }
    }
  }

  /**
   * Services that are watched; that of Consul's own servers never is.
   *
   * @param names exact ones, or beginnings with a {@code *}; none for all
   * @param tags of which a service has to have one; none for any
   */
  public record WantedServices(List<String> names, List<String> tags) {
    private static final String OWN = "consul";

    public WantedServices {
      names = List.copyOf(names);
      tags = List.copyOf(tags);
    }

    boolean isWanted(String name, Collection<String> has) {
      return !name.equals(OWN)
          && (names.isEmpty() || names.stream().anyMatch(wanted -> isMeant(wanted, name)))
          && (tags.isEmpty() || tags.stream().anyMatch(has::contains));
    }

    private static boolean isMeant(String wanted, String name) {
      return wanted.endsWith("*")
          ? name.startsWith(wanted.substring(0, wanted.length() - 1))
          : name.equals(wanted);
    }
  }

  /** A source of all services of one data centre. */
  public ConsulSource(String name, ConsulClient client, DocumentReader reader, Options options) {
    this(name, client, reader, options, null);
  }

  /**
   * A source of one data centre.
   *
   * @param name how the data centre is called
   * @param client its own: it ends with the source
   * @param reader reads documents
   * @param demand what is wanted of the services; null for all of them
   */
  public ConsulSource(
      String name,
      ConsulClient client,
      DocumentReader reader,
      Options options,
      @Nullable ServiceDemand demand) {
    this.demand = demand;
    this.name = new SourceName("consul", name);
    this.client = client;
    this.reader = reader;
    this.options = options;
    this.thread = new SourceThread(this.name);
  }

  @Override
  public SourceName name() {
    return name;
  }

  /** What each key holds, whether it is good or not, by the key; for any thread to read. */
  public SortedMap<String, Observed> observed() {
    return observed;
  }

  @Override
  public void start(SourceSink sink) {
    if (demand != null) {
      demand.take(name, options.namespace());
      demand.onChange(() -> arrivals.put(new Arrival.Woken()));
    }
    thread.start("consul-" + name.name(), () -> run(sink));
  }

  @Override
  public void close() {
    closed = true;
    arrivals.put(new Arrival.Woken());
    thread.awaitEnd();
    client.close();
  }

  private Watching watching(long now) {
    return new Watching(
        client, arrivals, options, new ConsulFacts(name, options, reader, now), now);
  }

  private void run(SourceSink sink) {
    StatusReport report = new StatusReport(name, sink, LOG);
    ConsulHealth health = new ConsulHealth();
    Wanting wanting = new Wanting(name, demand);
    Watching watching = watching(System.nanoTime());
    boolean synced = false;
    boolean complete = false;
    long wait = 0;
    try {
      while (!closed) {
        List<Arrival> arrived = arrivals.take(wait);
        long now = System.nanoTime();
        Instant wall = Instant.now();
        try {
          watching.take(arrived, now, wall);
          List<SourceUpdate> updates = watching.facts().updates(now);
          wanting.look(watching, complete, now);
          if (complete || watching.isComplete()) {
            observed = watching.facts().observed(); // Before it is told that all is known.
          }
          if (complete && !updates.isEmpty()) {
            LOG.debug("{}: {} updates", name, updates.size());
            sink.accept(name, updates);
          } else if (!complete && wanting.isKnown() && watching.isComplete()) {
            List<SourceEntry> all = watching.facts().told();
            LOG.info("{}: {} entries at the start", name, all.size());
            sink.accept(
                name, synced ? List.of(new Replace(all)) : List.of(new Replace(all), new Synced()));
            synced = true;
            complete = true;
          }
          if (complete) {
            wanting.told(watching);
          }
          Optional<String> wrong =
              health.look(watching.queries(), complete, wanting.reading(), now);
          State state = wrong.isEmpty() ? State.SYNCED : synced ? State.STALE : State.STARTING;
          report.tell(state, wrong.orElse(null), watching.facts().problems(now, wall), wall);
          long next =
              Math.min(
                  watching.queries().start(now), watching.facts().next(now).orElse(Long.MAX_VALUE));
          wait = Math.clamp(next - now, 0, LOOK_NANOS);
        } catch (RuntimeException e) {
          LOG.error("{} failed and tries again with everything; what it told stays", name, e);
          report.tell(
              synced ? State.STALE : State.STARTING, "it failed: " + e, List.of(), Instant.now());
          TimeUnit.NANOSECONDS.sleep(LOOK_NANOS);
          watching.close();
          watching = watching(System.nanoTime());
          complete = false;
          wait = 0;
        }
      }
    } catch (InterruptedException e) {
      LOG.error("{} was interrupted and ends; its last good state stays", name, e);
    } finally {
      watching.close();
    }
  }
}
