package dev.sluice.server.pipeline;

import static dev.sluice.server.pipeline.Shop.GATEWAY;
import static dev.sluice.server.pipeline.Shop.document;
import static dev.sluice.server.pipeline.Shop.exposed;
import static dev.sluice.server.pipeline.Shop.group;
import static dev.sluice.server.pipeline.Shop.id;
import static dev.sluice.server.pipeline.Shop.policy;
import static dev.sluice.server.pipeline.Shop.policyKey;
import static dev.sluice.server.pipeline.Shop.service;
import static dev.sluice.server.pipeline.Shop.sidecar;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotStore;
import dev.sluice.source.SourceEntry;
import dev.sluice.source.SourceUpdate;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What the pipeline publishes of a change, to whom, and what it tells about it. */
class PipelineTest extends PipelineFixture {
  @Test
  void anEndpointThatChangesTouchesItsAssignmentAlone() {
    watch(sidecar());
    tell(service("orders", 1, 2), policy("orders", 90));
    tell(service("orders", 1, 4));
    assertThat(last(sidecar()).types().keySet()).containsExactly(ResourceType.ENDPOINT);
    assertThat(last(sidecar()).names(ResourceType.ENDPOINT).changed())
        .containsExactly("orders.shop|80|v2");
  }

  @Test
  void aShiftOfWeightTouchesTheRouteAlone() {
    watch(sidecar());
    tell(service("orders", 1, 2), policy("orders", 90));
    tell(policy("orders", 50));
    assertThat(last(sidecar()).types().keySet()).containsExactly(ResourceType.ROUTE);
  }

  @Test
  void nothingIsPublishedBeforeTheFirstChange() {
    watch(sidecar());
    assertThat(store.current(sidecar())).isEmpty();
    tell();
    assertThat(store.current(sidecar())).isPresent();
  }

  @Test
  void aGroupThatComesLaterGetsWhatTheOthersHave() {
    watch(sidecar());
    tell(service("orders", 1, 2), policy("orders", 90));
    NodeGroup late = group(Role.NODE, "late");
    watch(late);
    assertThat(snapshot(late).resources(ResourceType.CLUSTER).keySet())
        .containsExactly("orders.shop|80|v1", "orders.shop|80|v2");
    assertThat(snapshot(late).resources(ResourceType.ROUTE).keySet()).isNotEmpty();
  }

  @Test
  void aServiceThatIsGoneLeavesNothingBehind() {
    watch(sidecar());
    tell(service("users", 1));
    Snapshot before = snapshot(sidecar());
    tell(service("orders", 1, 2), policy("orders", 90));
    assertThat(snapshot(sidecar())).isNotEqualTo(before);
    apply(
        new SourceUpdate.Remove(new SourceEntry.ServiceKey(id("orders"))),
        new SourceUpdate.Remove(new SourceEntry.OfDocumentKey(policyKey("orders"))));
    assertThat(snapshot(sidecar())).isEqualTo(before);
  }

  @Test
  void aGatewayIsBuiltAnewWhenItsDocumentChanges() {
    NodeGroup edge = group(Role.GATEWAY, "edge");
    watch(edge);
    tell(service("orders", 1), document(GATEWAY), exposed("orders", "orders.example.com"));
    assertThat(routes(edge)).contains("orders.example.com");
    tell(document(GATEWAY.replace("8080", "9090")));
    assertThat(last(edge).names(ResourceType.LISTENER).changed()).hasSize(1);
    assertThat(last(edge).names(ResourceType.LISTENER).removed()).hasSize(1);
    assertThat(routes(edge)).contains("orders.example.com");
  }

  @Test
  void whatAGroupCannotHaveIsToldWhenItsFirstProxyComes() {
    String other = GATEWAY.replace("name: public", "name: second");
    tell(document(GATEWAY), document(other));
    assertThat(pipeline.problems()).isEmpty();
    NodeGroup edge = group(Role.GATEWAY, "edge");
    SnapshotStore.Watch watch = store.watch(edge, (_, _) -> {});
    assertThat(pipeline.problems()).isNotEmpty();
    watch.close();
    assertThat(pipeline.problems()).isEmpty();
  }

  @Test
  void whatADocumentShapedNamesIt() {
    watch(sidecar());
    tell(service("orders", 1, 2), policy("orders", 90));
    Resource cluster =
        snapshot(sidecar()).resource(ResourceType.CLUSTER, "orders.shop|80|v1").orElseThrow();
    Resource assignment =
        snapshot(sidecar()).resource(ResourceType.ENDPOINT, "orders.shop|80|v1").orElseThrow();
    assertThat(cluster.provenance().documents())
        .containsExactly("TrafficPolicy shop/orders (orders.yaml:1:1)");
    assertThat(assignment.provenance().sources()).containsExactly("file/test");
  }

  @Test
  void whateverTheStepsTheSnapshotIsThatOfAFreshStart() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    List<NodeGroup> groups =
        List.of(sidecar(), group(Role.GATEWAY, "edge"), group(Role.PROXYLESS, "client"));
    groups.forEach(this::watch);
    for (int step = 0; step < 60; step++) {
      apply(randomUpdates(random));
    }
    PipelineFixture fresh = new PipelineFixture();
    groups.forEach(fresh::watch);
    List<SourceEntry> all = new ArrayList<>();
    image.catalog().services().values().forEach(s -> all.add(new SourceEntry.OfService(s)));
    image.documents().all().values().forEach(d -> all.add(new SourceEntry.OfDocument(d)));
    fresh.apply(new SourceUpdate.Replace(all));
    for (NodeGroup group : groups) {
      assertThat(snapshot(group)).as("%s, seed %d", group, seed).isEqualTo(fresh.snapshot(group));
    }
  }

  private static SourceUpdate[] randomUpdates(Random random) {
    String name = "service-" + random.nextInt(5);
    SourceUpdate update =
        switch (random.nextInt(6)) {
          case 0 -> new SourceUpdate.Remove(new SourceEntry.ServiceKey(id(name)));
          case 1 -> new SourceUpdate.Remove(new SourceEntry.OfDocumentKey(policyKey(name)));
          case 2 -> new SourceUpdate.Upsert(policy(name, random.nextInt(101)));
          // Hosts of its own for each service: an edit that conflicts depends on what was before.
          case 3 -> new SourceUpdate.Upsert(exposed(name, name + ".example.com"));
          case 4 -> new SourceUpdate.Upsert(document(GATEWAY.replace("8080", port(random))));
          default ->
              new SourceUpdate.Upsert(
                  service(name, IntStream.range(0, random.nextInt(4)).map(i -> i + 1).toArray()));
        };
    return new SourceUpdate[] {update};
  }

  private static String port(Random random) {
    return Integer.toString(8080 + random.nextInt(2));
  }
}
