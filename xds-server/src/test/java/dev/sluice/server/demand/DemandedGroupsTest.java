package dev.sluice.server.demand;

import static dev.sluice.server.demand.Groups.group;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.catalog.SourceName;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.server.snapshot.SnapshotStore;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DemandedGroupsTest {
  private static final SourceName CONSUL = new SourceName("consul", "dc1");
  private static final NodeGroup WEB = group(Role.SIDECAR, "stock");
  private static final Duration LONG = Duration.ofHours(1);

  private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
  private final Demand demand = new Demand();
  private final List<String> told = new CopyOnWriteArrayList<>();
  private final Queue<Runnable> settling = new ArrayDeque<>();

  private DemandedGroups groups(Duration patience) {
    demand.take(CONSUL);
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

  private void settle() {
    while (!settling.isEmpty()) {
      settling.remove().run();
    }
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

    demand.read(CONSUL, demand.current().version(), Set.of());
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
    demand.read(CONSUL, demand.add(WEB, System.nanoTime()), Set.of());
    groups.wanted(WEB);
    settle();

    assertThat(told).containsExactly("wanted");
  }

  @Test
  void aGroupThatIsGoneBeforeIsNotToldOf() {
    DemandedGroups groups = groups(LONG);
    groups.wanted(WEB);
    groups.unwanted(WEB);
    demand.read(CONSUL, demand.current().version(), Set.of());
    settle();
    assertThat(told).isEmpty();

    groups.wanted(WEB);
    settle();
    groups.unwanted(WEB);
    assertThat(told).containsExactly("wanted", "unwanted");
  }

  @Test
  void aSourceThatIsDownKeepsNoProxyFromTheServicesOfOthers() {
    groups(Duration.ofMillis(20)).wanted(WEB);

    await().untilAsserted(() -> assertThat(told).containsExactly("wanted"));
    demand.read(CONSUL, demand.current().version(), Set.of());
    settle();
    assertThat(told).containsExactly("wanted");
  }
}
