package dev.sluice.server.conditions.kubernetes;

import dev.sluice.server.conditions.Leadership;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElector;
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
public final class LeaseLeadership implements Leadership {
  /** After this a holder that does not renew has lost it. */
  public static final Duration LEASE = Duration.ofSeconds(10);

  /** No request takes longer, or the Lease could not be renewed in time. */
  public static final Duration REQUEST = Duration.ofSeconds(3);

  private static final Duration RENEW_WITHIN = Duration.ofSeconds(7);
  private static final Duration RETRY = Duration.ofSeconds(2);
  private static final Logger LOG = LoggerFactory.getLogger(LeaseLeadership.class);

  private final KubernetesClient client;
  private final RenewedLease lease;
  private final String name;
  private final ScheduledExecutorService again =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("leadership").daemon().factory());
  private volatile boolean closed;
  private volatile @Nullable CompletableFuture<?> election;

  /**
   * Leadership that is not sought yet.
   *
   * @param client reaches the cluster of the Lease, and gives up a request within {@link #REQUEST}
   * @param namespace of the Lease
   * @param name of the Lease
   * @param identity who this server is; unique among the replicas
   */
  public LeaseLeadership(KubernetesClient client, String namespace, String name, String identity) {
    this.client = client;
    this.lease = RenewedLease.of(namespace, name, identity);
    this.name = name;
  }

  @Override
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
                    .withLock(lease)
                    .withLeaderCallbacks(
                        new LeaderCallbacks(this::started, this::stopped, this::newLeader))
                    .build())
            .build();
    CompletableFuture<?> running = elector.start();
    election = running;
    if (closed) {
      running.cancel(true);
    }
    // It ends when the Lease is lost; then it is sought anew.
    var _ =
        running.whenComplete(
            (_, thrown) -> {
              if (!closed) {
                LOG.debug("{} seeks the {} anew", lease.identity(), lease.describe(), thrown);
                var _ = again.schedule(this::start, RETRY.toMillis(), TimeUnit.MILLISECONDS);
              }
            });
  }

  /**
   * Whether this server holds the Lease. It does so for less than {@link #LEASE} after it was
   * renewed last, so that a server which was stopped for a while knows that it does not.
   */
  @Override
  public boolean isLeader() {
    return lease.isOurs(RENEW_WITHIN, System.nanoTime());
  }

  @Override
  public boolean isFollower() {
    return lease.otherHolder().isPresent();
  }

  private void started() {
    LOG.info("{} leads by the {}", lease.identity(), lease.describe());
  }

  private void stopped() {
    LOG.info("{} leads no more by the {}", lease.identity(), lease.describe());
  }

  private void newLeader(@Nullable String holder) {
    if (holder != null && !holder.isEmpty() && !holder.equals(lease.identity())) {
      LOG.info("another one leads by the {}: {}", lease.describe(), holder);
    }
  }

  @Override
  public void close() {
    closed = true;
    again.shutdownNow();
    CompletableFuture<?> running = election;
    if (running != null) {
      running.cancel(true);
    }
  }
}
