package dev.sluice.server.kubernetes;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether this server, of all replicas, is the one that writes: the holder of a Lease
 * (coordination.k8s.io). It is given back at the end, and taken over within {@link #LEASE} from one
 * that was killed.
 */
public final class Leadership implements AutoCloseable {
  /** After this a holder that does not renew has lost it. */
  public static final Duration LEASE = Duration.ofSeconds(10);

  private static final Duration RENEW_WITHIN = Duration.ofSeconds(7);
  private static final Duration RETRY = Duration.ofSeconds(2);
  private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

  private final KubernetesClient client;
  private final String namespace;
  private final String name;
  private final String identity;
  private final ScheduledExecutorService again =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("leadership").daemon().factory());
  private volatile boolean leader;
  private volatile boolean closed;
  private volatile @Nullable CompletableFuture<?> election;

  /**
   * Leadership that is not sought yet.
   *
   * @param client reaches the cluster of the Lease
   * @param namespace of the Lease
   * @param name of the Lease
   * @param identity who this server is; unique among the replicas
   */
  public Leadership(KubernetesClient client, String namespace, String name, String identity) {
    this.client = client;
    this.namespace = namespace;
    this.name = name;
    this.identity = identity;
  }

  /** Begins to seek it. */
  public void start() {
    LeaderElector elector =
        client
            .leaderElector()
            .withConfig(
                new LeaderElectionConfigBuilder()
                    .withName(name)
                    .withLeaseDuration(LEASE)
                    .withRenewDeadline(RENEW_WITHIN)
                    .withRetryPeriod(RETRY)
                    .withReleaseOnCancel(true)
                    .withLock(new LeaseLock(namespace, name, identity))
                    .withLeaderCallbacks(
                        new LeaderCallbacks(this::started, this::stopped, this::newLeader))
                    .build())
            .build();
    CompletableFuture<?> running = elector.start();
    election = running;
    // It ends when the Lease is lost; then it is sought anew.
    var _ =
        running.whenComplete(
            (_, _) -> {
              leader = false;
              if (!closed) {
                var _ = again.schedule(this::start, RETRY.toMillis(), TimeUnit.MILLISECONDS);
              }
            });
  }

  /** Whether this server holds the Lease. */
  public boolean isLeader() {
    return leader;
  }

  private void started() {
    leader = true;
    LOG.info("{} leads by the Lease {}/{}", identity, namespace, name);
  }

  private void stopped() {
    if (leader) {
      LOG.info("{} leads no more by the Lease {}/{}", identity, namespace, name);
    }
    leader = false;
  }

  private void newLeader(String holder) {
    LOG.debug("{} leads by the Lease {}/{}", holder, namespace, name);
  }

  @Override
  public void close() {
    closed = true;
    again.shutdownNow();
    CompletableFuture<?> running = election;
    if (running != null) {
      running.cancel(true);
    }
    leader = false;
  }
}
