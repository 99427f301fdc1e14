package dev.sluice.server.source.kubernetes;

import dev.sluice.catalog.SourceName;
import dev.sluice.server.source.Observed;
import dev.sluice.server.source.SourceThread;
import dev.sluice.server.source.StatusReport;
import dev.sluice.server.source.kubernetes.Touched.Batch;
import dev.sluice.source.DocumentReader;
import dev.sluice.source.Source;
import dev.sluice.source.SourceSink;
import dev.sluice.source.SourceStatus.State;
import dev.sluice.source.SourceUpdate;
import dev.sluice.source.SourceUpdate.Replace;
import dev.sluice.source.SourceUpdate.Synced;
import dev.sluice.spec.DocumentKey;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The Services, EndpointSlices, Pods and Nodes of a Kubernetes cluster, its custom resources of
 * {@code sluice.dev/v1}, and the secrets that these name.
 *
 * <p>It has synced once everything was listed. Last good wins: while the API server cannot be
 * reached nothing is told but the status, and a custom resource that is not valid stays as it was.
 *
 * <p>Informers on threads of the client note what changed; one thread, named {@code kubernetes-…},
 * does everything else.
 */
public final class KubernetesSource implements Source {
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesSource.class);
  private static final long LOOK_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final SourceName name;
  private final KubernetesClient client;
  private final DocumentReader reader;
  private final Options options;
  private final Touched touched = new Touched();
  private final SourceThread thread;
  private volatile boolean closed;
  private volatile SortedMap<String, Observed> observed = new TreeMap<>();
  private volatile Optional<SortedMap<DocumentKey, String>> rollouts = Optional.empty();

  /**
   * What is watched, and how.
   *
   * @param namespaces none for all
   * @param labelSelector of Services; empty for all of them
   * @param holdEmpty how long instances stay that a new list suddenly lacks; zero not to
   * @param silence how long a watch may say nothing before it is looked into
   */
  public record Options(
      List<String> namespaces,
      Optional<String> labelSelector,
      Duration holdEmpty,
      Duration silence) {
    /** How long a watch may say nothing: three times what an API server's bookmarks leave. */
    public static final Duration SILENCE = Duration.ofMinutes(3);

    public Options {
      namespaces = List.copyOf(namespaces);
      Objects.requireNonNull(labelSelector);
      Objects.requireNonNull(holdEmpty);
      Objects.requireNonNull(silence);
    }
  }

  /**
   * A source of the cluster that a client is connected to.
   *
   * @param cluster how the cluster is called
   * @param client its own: it ends with the source
   * @param reader reads custom resources
   */
  public KubernetesSource(
      String cluster, KubernetesClient client, DocumentReader reader, Options options) {
    this.name = new SourceName("kubernetes", cluster);
    this.client = client;
    this.reader = reader;
    this.options = options;
    this.thread = new SourceThread(name);
  }

  @Override
  public SourceName name() {
    return name;
  }

  /**
   * Every document as the cluster has it, good or not, by its key's text; for any thread to read.
   */
  public SortedMap<String, Observed> observed() {
    return observed;
  }

  /**
   * How the rollouts of policies stand as the cluster has it, each as JSON; empty while the cluster
   * has not been listed. What it tells of a policy is no older than the policy that was told last.
   * For any thread to read.
   */
  public Optional<SortedMap<DocumentKey, String>> rollouts() {
    return rollouts;
  }

  @Override
  public void start(SourceSink sink) {
    thread.start("kubernetes-" + name.name(), () -> run(sink));
  }

  @Override
  public void close() {
    closed = true;
    touched.wake();
    thread.awaitEnd();
    client.close();
  }

  private void run(SourceSink sink) {
    StatusReport report = new StatusReport(name, sink, LOG);
    ClusterWatches watches = new ClusterWatches(client, options, touched);
    try (ClusterFacts facts = new ClusterFacts(name, watches, reader, options.holdEmpty())) {
      ClusterHealth health = new ClusterHealth(touched);
      boolean synced = false;
      boolean listed = false;
      boolean torn = false;
      long wait = LOOK_NANOS;
      while (!closed) {
        Batch batch = touched.take(wait);
        long now = System.nanoTime();
        Instant wall = Instant.now();
        try {
          List<SourceUpdate> updates = facts.take(batch, now, wall);
          observed = facts.observed();
          if (synced || listed) {
            rollouts = Optional.of(facts.rollouts());
          }
          // What was listed before the batch was taken is in it, but not what is listed by now.
          if (!synced && listed && facts.isListed()) {
            LOG.info("{}: {} entries at the start", name, facts.told().size());
            sink.accept(name, List.of(new Replace(facts.told()), new Synced()));
            synced = true;
          } else if (synced && torn) {
            sink.accept(name, List.of(new Replace(facts.told())));
          } else if (synced && !updates.isEmpty()) {
            LOG.debug("{}: {} updates", name, updates.size());
            sink.accept(name, updates);
          }
          Optional<String> wrong = health.look(facts, synced, now);
          State state = synced ? wrong.isEmpty() ? State.SYNCED : State.STALE : State.STARTING;
          report.tell(state, wrong.orElse(null), facts.problems(now, wall), wall);
          torn = false;
        } catch (RuntimeException e) {
          LOG.error("{} failed and tries again with everything; what it told stays", name, e);
          report.tell(synced ? State.STALE : State.STARTING, "it failed: " + e, List.of(), wall);
          torn = true;
          TimeUnit.NANOSECONDS.sleep(LOOK_NANOS);
          facts.lookAgain();
        }
        listed = facts.isListed();
        wait = listed && !synced ? 0 : Math.clamp(facts.next(now) - now, 0, LOOK_NANOS);
      }
    } catch (InterruptedException e) {
      LOG.error("{} was interrupted and ends; its last good state stays", name, e);
    }
  }
}
