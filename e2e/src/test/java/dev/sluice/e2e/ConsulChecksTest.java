package dev.sluice.e2e;

import static dev.sluice.e2e.ConsulOrders.FIRST;
import static dev.sluice.e2e.ConsulOrders.SECOND;
import static dev.sluice.e2e.ConsulOrders.THIRD;
import static dev.sluice.e2e.ConsulOrders.set;
import static dev.sluice.e2e.ConsulOrders.watch;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.source.SourceStatus.State;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of instances whose checks change, or that come and go. */
@NeedsConsul
class ConsulChecksTest {
  @TempDir Path folder;

  @BeforeEach
  void patience() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(40));
  }

  @AfterEach
  void usualPatience() {
    Awaitility.reset();
  }

  private ConsulServer start() {
    return ConsulOrders.start(folder);
  }

  @Test
  void aServiceThatIsDeregisteredAndRegisteredAgainAtOnceIsThere() {
    try (ConsulServer consul = start();
        WatchedConsul watched = watch(consul)) {
      for (int i = 0; i < 10; i++) {
        List.of(FIRST, SECOND).forEach(consul.api().catalog()::deregister);
        List.of(FIRST, SECOND).forEach(consul.api().catalog()::register);
      }
      consul.api().catalog().register(THIRD);
      watched.awaitHealthy("orders", "10.244.1.1", "10.244.1.2", "10.244.1.3");
      List.of(FIRST, SECOND, THIRD).forEach(consul.api().catalog()::deregister);
      await().until(() -> watched.services() == 0);
      consul.api().catalog().register(SECOND);
      watched.awaitHealthy("orders", "10.244.1.2");
      assertThat(watched.states()).doesNotContain(State.STALE);
    }
  }

  @Test
  void instancesThatBecomeCriticalTogetherStayForAWhileAndThenGo() {
    try (ConsulServer consul = start();
        WatchedConsul watched = watch(consul, Duration.ofSeconds(8))) {
      set(consul, ConsulStatus.CRITICAL, FIRST, SECOND);
      watched.awaitProblem(
          "services/orders", "all its instances became critical within 10s", "(holdEmpty)");
      watched.awaitHealthy("orders", "10.244.1.1", "10.244.1.2");
      await()
          .during(Duration.ofSeconds(1))
          .until(() -> watched.healthy("orders").contains("10.244.1.2"));
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> watched.healthy("orders").isEmpty() && watched.problems().isEmpty());

      set(consul, ConsulStatus.PASSING, SECOND);
      watched.awaitHealthy("orders", "10.244.1.2");
    }
  }

  @Test
  void oneThatPassesAgainEndsTheDoubtOfTheOthers() {
    try (ConsulServer consul = start();
        WatchedConsul watched = watch(consul, Duration.ofMinutes(1))) {
      set(consul, ConsulStatus.CRITICAL, FIRST, SECOND);
      watched.awaitProblem("all its instances became critical");
      set(consul, ConsulStatus.PASSING, FIRST);
      watched.awaitHealthy("orders", "10.244.1.1");
      await().until(() -> watched.problems().isEmpty());
    }
  }

  @Test
  void instancesThatAreNotToBeHeldGoAtOnce() {
    try (ConsulServer consul = start();
        WatchedConsul watched = watch(consul, Duration.ZERO)) {
      set(consul, ConsulStatus.CRITICAL, FIRST, SECOND);
      await()
          .atMost(Duration.ofSeconds(1))
          .pollInterval(Duration.ofMillis(10))
          .until(() -> watched.healthy("orders").isEmpty());
      assertThat(watched.problems()).isEmpty();
    }
  }

  @Test
  void afterManyChangesOfACheckTheLastOneIsTold() {
    try (ConsulServer consul = start();
        WatchedConsul watched = watch(consul)) {
      for (int i = 0; i < 50; i++) {
        set(consul, i % 2 == 0 ? ConsulStatus.CRITICAL : ConsulStatus.PASSING, FIRST);
      }
      set(consul, ConsulStatus.CRITICAL, FIRST);
      watched.awaitHealthy("orders", "10.244.1.2");
      await()
          .during(Duration.ofSeconds(1))
          .until(() -> watched.healthy("orders").equals(Set.of("10.244.1.2")));
    }
  }
}
