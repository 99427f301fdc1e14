package dev.sluice.server.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.catalog.SourceName;
import dev.sluice.node.NodeGroup;
import dev.sluice.server.demand.ServiceDemand;
import dev.sluice.server.snapshot.SnapshotStore;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DemandedGroupsTest {
  private static final SourceName CONSUL = new SourceName("consul", "dc1");
  private static final NodeGroup WEB = Shop.dependent("stock");
  private static final Duration LONG = Duration.ofHours(1);

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final ServiceDemand demand = new ServiceDemand();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final Queue<Runnable> settling = new ConcurrentLinkedQueue<>();

  private DemandedGroups groups(Duration patience) {
    demand.take(CONSUL, "shop");
    SnapshotStore.Demand pipeline =
        new SnapshotStore.Demand() {
          @Override
          public void wanted(NodeGroup group) {
            told.add("wanted");
          }

          @Override
          public void unwanted(NodeGroup group) {
            told.add("unwanted");
          }
        };
    return new DemandedGroups(demand, pipeline, settling::add, timer, patience);
  }

  /** Waits until the timer's thread has done all that it was given. */
  private void idle() {
    for (int i = 0; i < 3; i++) { // What it does may give it something more to do.
      try {
        timer.submit(() -> {}).get();
      } catch (InterruptedException | ExecutionException e) {
        throw new AssertionError(e);
      }
    }
  }

  /** All is in the catalog that was told. */
  private void settle() {
    idle();
    for (Runnable task = settling.poll(); task != null; task = settling.poll()) {
      task.run();
    }
    idle();
  }

  private void readAll() {
    idle();
    demand.read(CONSUL, demand.current().version(), Set.of());
    idle();
  }

  @AfterEach
  void end() {
    timer.shutdownNow();
  }

  @Test
  void aGroupWaitsUntilWhatItDependsOnHasBeenReadAndIsInTheCatalog() {
    DemandedGroups groups = groups(LONG);
    groups.wanted(WEB);
    settle();
    assertThat(told).isEmpty();

    readAll();
    assertThat(told).isEmpty();
    settle();
    assertThat(told).containsExactly("wanted");
    demand.read(CONSUL, demand.current().version() + 1, Set.of());
    settle();
    assertThat(told).containsExactly("wanted");
  }

  @Test
  void whatHasBeenReadBeforeIsNotWaitedFor() {
    DemandedGroups groups = groups(LONG);
    demand.groups(List.of(WEB), System.nanoTime());
    readAll();
    groups.wanted(WEB);
    settle();

    assertThat(told).containsExactly("wanted");
  }

  @Test
  void aGroupThatIsGoneBeforeIsNotToldOf() {
    DemandedGroups groups = groups(LONG);
    groups.wanted(WEB);
    groups.unwanted(WEB);
    readAll();
    settle();
    assertThat(told).isEmpty();

    groups.wanted(WEB);
    readAll();
    settle();
    groups.unwanted(WEB);
    settle();
    assertThat(told).containsExactly("wanted", "unwanted");
  }

  @Test
  void aGroupThatGoesAndComesWhileItSettlesIsToldOfOnce() {
    DemandedGroups groups = groups(LONG);
    groups.wanted(WEB);
    readAll();
    groups.unwanted(WEB);
    groups.wanted(WEB);
    settle();

    assertThat(told).containsExactly("wanted");
  }

  @Test
  void aSourceThatIsDownKeepsNoProxyFromTheServicesOfOthersForEver() {
    groups(Duration.ofMillis(20)).wanted(WEB);

    await().untilAsserted(() -> assertThat(told).containsExactly("wanted"));
    readAll();
    settle();
    assertThat(told).containsExactly("wanted");
  }
}
