package dev.sluice.server.snapshot;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.snapshot.ResourceType.ENDPOINT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.Endpoint;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SnapshotTest {
  static Resource cluster(String name, String statName) {
    Cluster cluster =
        Cluster.newBuilder()
            .setName(name)
            .setAltStatName(statName)
            .setType(Cluster.DiscoveryType.EDS)
            .build();
    return Resource.of(CLUSTER, name, cluster, Provenance.NONE);
  }

  @Test
  void theVersionIsOfTheContentAlone() {
    Resource one = cluster("a", "x");
    assertThat(one.version()).hasSize(16).isEqualTo(cluster("a", "x").version());
    assertThat(one.version()).isNotEqualTo(cluster("a", "y").version());
    Resource moved = one.withProvenance(new Provenance(List.of("f.yaml:3"), List.of("file")));
    assertThat(moved).isEqualTo(one);
    assertThat(moved.any()).isEqualTo(one.any());
    assertThat(moved.provenance()).hasToString("f.yaml:3; from file");
  }

  @Test
  void theBytesAreThoseOfTheMessage() throws Exception {
    Resource resource = cluster("a", "x");
    Any any = Any.parseFrom(resource.any());
    assertThat(any.unpack(Cluster.class)).isEqualTo(resource.message());
    var delta = io.envoyproxy.envoy.service.discovery.v3.Resource.parseFrom(resource.delta());
    assertThat(delta.getResource()).isEqualTo(any);
    assertThat(delta.getName()).isEqualTo("a");
    assertThat(delta.getVersion()).isEqualTo(resource.version());
  }

  @Test
  void mapFieldsAreSortedBeforeTheyAreEncoded() {
    List<String> keys = new ArrayList<>();
    for (int key = 0; key < 50; key++) {
      keys.add("endpoint-" + key);
    }
    Resource sorted = Resource.of(ENDPOINT, "a", withNamed(keys), Provenance.NONE);
    Collections.reverse(keys);
    assertThat(Resource.of(ENDPOINT, "a", withNamed(keys), Provenance.NONE)).isEqualTo(sorted);
  }

  private static ClusterLoadAssignment withNamed(List<String> keys) {
    ClusterLoadAssignment.Builder assignment = ClusterLoadAssignment.newBuilder();
    keys.forEach(key -> assignment.putNamedEndpoints(key, Endpoint.getDefaultInstance()));
    return assignment.build();
  }

  @Test
  void aMessageOfAnotherTypeIsRefused() {
    assertThatThrownBy(
            () -> Resource.of(ENDPOINT, "a", Cluster.getDefaultInstance(), Provenance.NONE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a Cluster is not a ClusterLoadAssignment: resource a");
  }

  @Test
  void equalContentHasAnEqualHashWhateverTheEditsWere() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Snapshot edited = Snapshot.EMPTY;
    for (int edit = 0; edit < 500; edit++) {
      String name = "c" + random.nextInt(20);
      edited =
          random.nextInt(3) == 0
              ? edited.without(CLUSTER, name)
              : edited.with(cluster(name, "s" + random.nextInt(4)));
      Snapshot fresh = Snapshot.of(edited.resources(CLUSTER).values());
      assertThat(fresh.hash(CLUSTER)).as("seed " + seed).isEqualTo(edited.hash(CLUSTER));
      assertThat(fresh).isEqualTo(edited);
      assertThat(fresh.sameAs(edited)).isTrue();
    }
    Snapshot emptied = edited;
    for (String name : edited.resources(CLUSTER).keySet()) {
      emptied = emptied.without(CLUSTER, name);
    }
    assertThat(emptied.hash(CLUSTER)).isEqualTo(ContentHash.EMPTY);
    assertThat(emptied.hash(CLUSTER)).hasToString("0".repeat(32));
  }

  @Test
  void aChangeInOneTypeMovesNoOtherTypesHash() {
    Snapshot before = Snapshot.of(List.of(cluster("a", "x")));
    Snapshot after = before.with(assignment("a"));
    assertThat(after.hash(CLUSTER)).isEqualTo(before.hash(CLUSTER));
    assertThat(after.hash(ENDPOINT)).isNotEqualTo(before.hash(ENDPOINT));
  }

  private static Resource assignment(String name) {
    ClusterLoadAssignment message = ClusterLoadAssignment.newBuilder().setClusterName(name).build();
    return Resource.of(ENDPOINT, name, message, Provenance.NONE);
  }

  @Test
  void anAssignmentIsUsedWhileAClusterWarmsForIt() {
    Resource renamed =
        Resource.of(
            CLUSTER,
            "b",
            Cluster.newBuilder()
                .setName("b")
                .setType(Cluster.DiscoveryType.EDS)
                .setEdsClusterConfig(Cluster.EdsClusterConfig.newBuilder().setServiceName("a"))
                .build(),
            Provenance.NONE);
    Snapshot both = Snapshot.of(List.of(cluster("a", "x"), renamed));
    assertThat(both.usesAssignment("b")).isFalse();
    Snapshot one = both.without(CLUSTER, "a");
    assertThat(one.usesAssignment("a")).isTrue();
    assertThat(one.with(cluster("b", "own")).usesAssignment("a")).isFalse();
    assertThat(one.without(CLUSTER, "b").usesAssignment("a")).isFalse();
  }

  @Test
  void theBuildersDifferenceIsTheDifferenceOfTheSnapshots() {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    Snapshot snapshot = Snapshot.EMPTY;
    for (int round = 0; round < 200; round++) {
      SnapshotBuilder builder = new SnapshotBuilder(snapshot);
      for (int edit = random.nextInt(5); edit > 0; edit--) {
        String name = "c" + random.nextInt(8);
        if (random.nextBoolean()) {
          builder.put(cluster(name, "s" + random.nextInt(2)));
        } else {
          builder.remove(CLUSTER, name);
        }
      }
      SnapshotDiff diff = builder.build();
      assertThat(diff).as("seed " + seed).isEqualTo(SnapshotDiff.between(snapshot, diff.after()));
      snapshot = diff.after();
    }
  }

  @Test
  void anotherProvenanceIsKeptAndIsNoDifference() {
    Snapshot before = Snapshot.of(List.of(cluster("a", "x")));
    Provenance moved = new Provenance(List.of("f.yaml:9"), List.of());
    SnapshotDiff diff =
        new SnapshotBuilder(before).put(cluster("a", "x").withProvenance(moved)).build();
    assertThat(diff.isEmpty()).isTrue();
    assertThat(diff.after().resource(CLUSTER, "a").orElseThrow().provenance()).isEqualTo(moved);
  }
}
