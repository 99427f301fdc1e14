package dev.sluice.server.snapshot;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Locality;
import dev.sluice.catalog.ServiceId;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SnapshotStoreTest {
  private static final Instant NOW = Instant.EPOCH;

  private final SnapshotStore store = new SnapshotStore();
  private final List<String> demands = new ArrayList<>();
  private final List<SnapshotDiff> told = new ArrayList<>();

  private static NodeGroup group(String service) {
    return new NodeGroup(
        Role.SIDECAR,
        new ServiceId(service, "shop"),
        Collections.emptySortedSet(),
        Collections.emptySortedMap(),
        Locality.UNKNOWN,
        NodeGroup.DEFAULT_OUTBOUND_PORT,
        List.of());
  }

  private void writeDown() {
    store.demand(
        new SnapshotStore.Demand() {
          @Override
          public void wanted(NodeGroup group) {
            demands.add("wanted " + group.service().name());
          }

          @Override
          public void unwanted(NodeGroup group) {
            demands.add("unwanted " + group.service().name());
          }
        });
  }

  private static SnapshotDiff put(Snapshot before, String cluster) {
    return new SnapshotBuilder(before).put(SnapshotTest.cluster(cluster, "x")).build();
  }

  @Test
  void theWriterIsToldOfAGroupsFirstWatchAndItsLast() {
    var early = store.watch(group("early"), (group, diff) -> told.add(diff));
    writeDown();
    var one = store.watch(group("web"), (group, diff) -> told.add(diff));
    var two = store.watch(group("web"), (group, diff) -> told.add(diff));
    one.close();
    one.close();
    assertThat(demands).containsExactly("wanted early", "wanted web");
    two.close();
    early.close();
    assertThat(demands)
        .containsExactly("wanted early", "wanted web", "unwanted web", "unwanted early");
    assertThat(store.groups()).isEmpty();
  }

  @Test
  void aWatcherWaitsForTheFirstSnapshotEvenWhenThatIsEmpty() {
    store.watch(group("web"), (group, diff) -> told.add(diff));
    assertThat(told).isEmpty();
    assertThat(store.current(group("web"))).isEmpty();
    store.publish("start", NOW, Map.of(group("web"), SnapshotDiff.none(Snapshot.EMPTY)));
    assertThat(told).hasSize(1);
    assertThat(store.current(group("web"))).contains(Snapshot.EMPTY);
  }

  @Test
  void aLateWatcherIsToldTheCurrentSnapshotAtOnce() {
    store.watch(group("web"), (group, diff) -> {});
    SnapshotDiff first = put(Snapshot.EMPTY, "a");
    store.publish("start", NOW, Map.of(group("web"), first));
    store.watch(group("web"), (group, diff) -> told.add(diff));
    assertThat(told).containsExactly(SnapshotDiff.between(Snapshot.EMPTY, first.after()));
  }

  @Test
  void anEqualSnapshotIsToldNobody() {
    store.watch(group("web"), (group, diff) -> told.add(diff));
    SnapshotDiff first = put(Snapshot.EMPTY, "a");
    store.publish("start", NOW, Map.of(group("web"), first));
    store.publish("again", NOW, Map.of(group("web"), put(first.after(), "a")));
    assertThat(told).containsExactly(first);
  }

  @Test
  void differencesFollowOnEachOtherWhereTheWriterSkippedOne() {
    store.watch(group("web"), (group, diff) -> told.add(diff));
    SnapshotDiff first = put(Snapshot.EMPTY, "a");
    SnapshotDiff second = put(first.after(), "b");
    store.publish("both", NOW, Map.of(group("web"), second));
    assertThat(told).hasSize(1);
    assertThat(told.getFirst().before()).isSameAs(Snapshot.EMPTY);
    assertThat(told.getFirst().names(CLUSTER).changed()).containsExactly("a", "b");
  }

  @Test
  void aGroupThatNobodyWantsIsPassedOver() {
    Revision revision = store.publish("late", NOW, Map.of(group("gone"), put(Snapshot.EMPTY, "a")));
    assertThat(revision.groups()).isEmpty();
    assertThat(store.current(group("gone"))).isEmpty();
  }

  @Test
  void theLastHundredRevisionsAreKept() {
    store.watch(group("web"), (group, diff) -> {});
    Snapshot snapshot = Snapshot.EMPTY;
    for (int number = 1; number <= 130; number++) {
      SnapshotDiff diff = put(snapshot, "c" + number);
      store.publish("edit " + number, NOW, Map.of(group("web"), diff));
      snapshot = diff.after();
    }
    assertThat(store.revisions()).hasSize(100);
    assertThat(store.revisions().getFirst().id()).isEqualTo(31);
    Revision last = store.revisions().getLast();
    assertThat(last.cause()).isEqualTo("edit 130");
    assertThat(last.groups())
        .containsExactly(
            Map.entry(
                group("web"),
                new Revision.Summary(Map.of(CLUSTER, new Revision.Counts(1, 0, List.of("c130"))))));
  }
}
