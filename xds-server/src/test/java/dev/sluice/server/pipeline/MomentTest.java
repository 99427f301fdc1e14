package dev.sluice.server.pipeline;

import static dev.sluice.server.pipeline.Shop.SOURCE;
import static dev.sluice.server.pipeline.Shop.dependent;
import static dev.sluice.server.pipeline.Shop.document;
import static dev.sluice.server.pipeline.Shop.exposed;
import static dev.sluice.server.pipeline.Shop.policy;
import static dev.sluice.server.pipeline.Shop.policyKey;
import static dev.sluice.server.pipeline.Shop.service;
import static dev.sluice.server.pipeline.Shop.sidecar;
import static dev.sluice.server.pipeline.Shop.unusable;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.catalog.Change;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotDiff;
import dev.sluice.source.SourceEntry;
import dev.sluice.source.SourceEntry.OfDocumentKey;
import dev.sluice.source.SourceUpdate;
import dev.sluice.source.SourceUpdate.Remove;
import dev.sluice.source.SourceUpdate.Upsert;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class MomentTest {
  private static final List<String> NAMES = List.of("orders", "users", "pay", "stock");

  private final PipelineFixture fixture = new PipelineFixture();
  private final NodeGroup edge = fixture.edgeOfOrdersAndUsers();
  private final List<NodeGroup> groups = List.of(edge, sidecar(), dependent("pay", "orders"));

  private Preview preview(SourceUpdate... updates) {
    Moment moment = fixture.pipeline.moment(fixture.image);
    Change change =
        moment.image().changeBy(new TreeMap<>(Map.of(SOURCE, List.of(updates))), Instant.EPOCH);
    return moment.preview(change);
  }

  @Test
  void whatIsTriedIsExactlyWhatThenChangesHoweverDocumentsAreEdited() {
    groups.forEach(fixture::watch);
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int step = 0; step < 300; step++) {
      SourceUpdate[] updates = edits(random);
      Map<NodeGroup, Snapshot> before = snapshots();

      Preview preview = preview(updates);

      assertThat(snapshots()).as("nothing is touched, seed %d", seed).isEqualTo(before);
      fixture.apply(updates);
      Map<NodeGroup, Snapshot> after = snapshots();
      for (NodeGroup group : groups) {
        SnapshotDiff tried = requireNonNull(preview.groups().get(group));
        Snapshot was = requireNonNull(before.get(group));
        Snapshot is = requireNonNull(after.get(group));
        assertThat(tried.after()).as("step %d, seed %d", step, seed).isEqualTo(is);
        assertThat(tried.types())
            .as("step %d, seed %d", step, seed)
            .isEqualTo(SnapshotDiff.between(was, is).types());
      }
      assertThat(preview.policies())
          .as("step %d, seed %d", step, seed)
          .isEqualTo(fixture.pipeline.statuses());
    }
  }

  private Map<NodeGroup, Snapshot> snapshots() {
    Map<NodeGroup, Snapshot> all = new HashMap<>();
    groups.forEach(group -> all.put(group, fixture.snapshot(group)));
    return all;
  }

  private static SourceUpdate[] edits(Random random) {
    List<SourceUpdate> edits = new ArrayList<>();
    for (int i = 0; i <= random.nextInt(3); i++) {
      String name = NAMES.get(random.nextInt(NAMES.size()));
      edits.add(edit(name, random));
    }
    return edits.toArray(SourceUpdate[]::new);
  }

  private static SourceUpdate edit(String name, Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> new Remove(new OfDocumentKey(policyKey(name)));
      case 1 -> new Upsert(exposed(name, name + ".example.com"));
      case 2 -> new Upsert(exposed(name, "shared.example.com"));
      case 3 -> new Upsert(unusable(policy(name, random.nextInt(101))));
      case 4 -> new Upsert(service(name, random.ints(3, 1, 9).distinct().toArray()));
      case 5 -> new Remove(new SourceEntry.ServiceKey(Shop.id(name)));
      case 6 ->
          random.nextBoolean()
              ? new Upsert(document(Shop.GATEWAY))
              : new Upsert(document(Shop.GATEWAY.replace("8080", "8081")));
      default -> new Upsert(policy(name, random.nextInt(101)));
    };
  }

  @Test
  void itSaysWhatWouldBeWrongAndWhatIsWrongAlreadyIsNotSaidAgain() {
    fixture.tell(unusable(policy("orders", 50)));

    Preview again = preview(new Upsert(policy("users", 10)));
    Preview worse = preview(new Upsert(unusable(policy("users", 10))));

    assertThat(again.problems()).isEmpty();
    assertThat(worse.problems()).singleElement().asString().contains("Envoy would refuse");
    assertThat(worse.groups().get(edge)).matches(SnapshotDiff::isEmpty);
  }
}
