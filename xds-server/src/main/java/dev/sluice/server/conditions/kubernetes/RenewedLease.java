package dev.sluice.server.conditions.kubernetes;

import dev.sluice.server.kubernetes.Words;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Lease that knows who held it last, since when this server has not renewed it, and why it cannot
 * be had. Any thread may ask.
 */
final class RenewedLease implements Lock {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseLeadership.class);

  private final Lock lease;
  private final String what;
  private volatile String holder = "";
  private volatile @Nullable Long renewedAt;
  private volatile long askedAt;
  private @Nullable LeaderElectionRecord seen;
  private ZonedDateTime seenAt = ZonedDateTime.now(ZoneOffset.UTC);
  private volatile String failure = "";

  RenewedLease(Lock lease, String what) {
    this.lease = lease;
    this.what = what;
  }

  static RenewedLease of(String namespace, String name, String identity) {
    return new RenewedLease(
        new LeaseLock(namespace, name, identity), "Lease " + namespace + "/" + name);
  }

  /**
   * Whether this server is the holder, and asked so within {@code time} to be it still: a server
   * that was stopped for a while finds out by this that it is not, before it has asked again.
   */
  boolean isOurs(Duration time, long now) {
    Long renewed = renewedAt;
    return renewed != null && now - renewed < time.toNanos() && holder.equals(identity());
  }

  /** The other server that held it when it was looked at last. */
  Optional<String> otherHolder() {
    String last = holder;
    return last.isEmpty() || last.equals(identity()) ? Optional.empty() : Optional.of(last);
  }

  @Override
  public @Nullable LeaderElectionRecord get(KubernetesClient client) {
    askedAt = System.nanoTime();
    LeaderElectionRecord found = tried("get", () -> read(client));
    holder = found == null ? "" : Objects.requireNonNullElse(found.getHolderIdentity(), "");
    if (!Objects.equals(found, seen)) {
      seen = found;
      seenAt = ZonedDateTime.now(ZoneOffset.UTC);
    }
    return found == null ? null : renewedWhenSeen(found);
  }

  /** One without its times, which are optional, is nobody's. */
  private @Nullable LeaderElectionRecord read(KubernetesClient client) {
    try {
      return lease.get(client);
    } catch (NullPointerException e) {
      LOG.warn("the {} lacks the time that it holds for, or when it was renewed; taking it", what);
      ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC);
      return new LeaderElectionRecord("", Duration.ofSeconds(1), now, now, 0);
    }
  }

  /** By this server's clock: a Lease runs out when it was not renewed for so long while we look. */
  private LeaderElectionRecord renewedWhenSeen(LeaderElectionRecord found) {
    return new LeaderElectionRecord(
        found.getHolderIdentity(),
        found.getLeaseDuration(),
        found.getAcquireTime(),
        seenAt,
        found.getLeaderTransitions());
  }

  @Override
  public void create(KubernetesClient client, LeaderElectionRecord next) {
    write("create", next, () -> lease.create(client, next));
  }

  @Override
  public void update(KubernetesClient client, LeaderElectionRecord next) {
    write("patch", next, () -> lease.update(client, next));
  }

  private void write(String verb, LeaderElectionRecord next, Runnable request) {
    var _ =
        tried(
            verb,
            () -> {
              request.run();
              return Optional.empty();
            });
    holder = Objects.requireNonNullElse(next.getHolderIdentity(), "");
    renewedAt = askedAt; // Others count from later: from when they see it.
  }

  /** The elector goes on after a KubernetesClientException, and ends for good after any other. */
  private <T> T tried(String verb, Supplier<T> request) {
    try {
      T answer = request.get();
      failure = "";
      return answer;
    } catch (KubernetesClientException e) {
      if (e.getCode() != HttpURLConnection.HTTP_CONFLICT) {
        tell(
            e.getCode() == HttpURLConnection.HTTP_FORBIDDEN
                ? "it is forbidden (403); grant %s on leases.coordination.k8s.io".formatted(verb)
                : Words.of(e));
      }
      throw e;
    } catch (RuntimeException e) {
      tell(e.toString());
      throw new KubernetesClientException(e.toString(), e);
    }
  }

  private void tell(String now) {
    if (!now.equals(failure)) {
      LOG.error("the {} cannot be had, so this server writes no statuses: {}", what, now);
    }
    failure = now;
  }

  @Override
  public String identity() {
    return lease.identity();
  }

  @Override
  public String describe() {
    return what;
  }
}
