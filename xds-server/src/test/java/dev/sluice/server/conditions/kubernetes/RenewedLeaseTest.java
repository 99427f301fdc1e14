package dev.sluice.server.conditions.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaderElectionRecord;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.Lock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Whether a server may take itself for the holder of a Lease. */
class RenewedLeaseTest {
  private static final Duration TIME = Duration.ofSeconds(7);

  private final Stored stored = new Stored();
  private final RenewedLease lease = new RenewedLease(stored, "Lease shop/sluice");
  private final KubernetesClient client = new KubernetesClientBuilder().build();

  @AfterEach
  void close() {
    client.close();
  }

  @Test
  void itIsOursFromWhenWeWroteItAndForNoLongerThanTheTime() {
    lease.get(client);
    assertThat(isOurs()).isFalse();
    lease.create(client, heldBy("us"));
    assertThat(isOurs()).isTrue();
    assertThat(lease.isOurs(TIME, System.nanoTime() + TIME.toNanos())).isFalse();

    lease.update(client, heldBy("us"));
    assertThat(isOurs()).isTrue();
    assertThat(lease.otherHolder()).isEmpty();
  }

  @Test
  void itIsNotOursOnceItWasSeenAtAnotherOrGivenBack() {
    lease.get(client);
    lease.create(client, heldBy("us"));
    stored.record = heldBy("them");
    lease.get(client);
    assertThat(isOurs()).isFalse();
    assertThat(lease.otherHolder()).contains("them");

    lease.update(client, heldBy("us"));
    lease.update(client, heldBy(null));
    assertThat(isOurs()).isFalse();
    assertThat(lease.otherHolder()).isEmpty();
  }

  @Test
  void aLeaseRunsOutByTheTimeThatItIsLookedAtWhateverTheHoldersClockSays() {
    ZonedDateTime longAgo = ZonedDateTime.now(ZoneOffset.UTC).minusHours(1);
    stored.record = heldBy("them", longAgo);
    ZonedDateTime first = renewTime();
    assertThat(first).isAfter(longAgo.plusMinutes(59));
    assertThat(renewTime()).as("not renewed").isEqualTo(first);

    stored.record = heldBy("them", longAgo.plusSeconds(2));
    assertThat(renewTime()).as("renewed").isAfter(first);
  }

  private ZonedDateTime renewTime() {
    return Objects.requireNonNull(lease.get(client)).getRenewTime();
  }

  @Test
  void whatCouldNotBeWrittenIsNotOurs() {
    stored.failure = new KubernetesClientException("forbidden", 403, null);

    assertThatThrownBy(() -> lease.create(client, heldBy("us"))).isSameAs(stored.failure);
    assertThat(isOurs()).isFalse();
  }

  @Test
  void everyFailureIsOneThatTheElectionGoesOnAfter() {
    stored.failure = new IllegalStateException("odd");

    assertThatThrownBy(() -> lease.get(client))
        .isInstanceOf(KubernetesClientException.class)
        .hasMessageContaining("odd");
  }

  private boolean isOurs() {
    return lease.isOurs(TIME, System.nanoTime());
  }

  private static LeaderElectionRecord heldBy(@Nullable String holder) {
    return heldBy(holder, ZonedDateTime.now(ZoneOffset.UTC));
  }

  private static LeaderElectionRecord heldBy(@Nullable String holder, ZonedDateTime now) {
    return new LeaderElectionRecord(holder, Duration.ofSeconds(10), now, now, 0);
  }

  /** A Lease in memory. */
  private static final class Stored implements Lock {
    private @Nullable LeaderElectionRecord record;
    private @Nullable RuntimeException failure;

    @Override
    public @Nullable LeaderElectionRecord get(KubernetesClient client) {
      fail();
      return record;
    }

    @Override
    public void create(KubernetesClient client, LeaderElectionRecord next) {
      fail();
      record = next;
    }

    @Override
    public void update(KubernetesClient client, LeaderElectionRecord next) {
      fail();
      record = next;
    }

    private void fail() {
      if (failure != null) {
        throw failure;
      }
    }

    @Override
    public String identity() {
      return "us";
    }

    @Override
    public String describe() {
      return "memory";
    }
  }
}
