package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.snapshot.ResourceType.ENDPOINT;
import static dev.sluice.server.xds.Fixtures.assignment;
import static dev.sluice.server.xds.Fixtures.cluster;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.ResourceVersions;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotBuilder;
import dev.sluice.server.snapshot.SnapshotDiff;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Streams of one group, looked at together. */
class NodeStatusesTest {
  private final List<MachineStream> streams = new ArrayList<>();
  private Snapshot snapshot = Snapshot.EMPTY;
  private ProxyNode node;

  @BeforeEach
  void introduce() throws InvalidNodeException {
    node = ProxyNode.of(AdsClient.node("any"));
  }

  private MachineStream stream(Variant variant) {
    MachineStream stream = new MachineStream(variant);
    streams.add(stream);
    return stream;
  }

  /** As of a group, whose streams are all told of the very same difference. */
  private void publish(SnapshotBuilder builder) {
    SnapshotDiff diff = builder.build();
    snapshot = diff.after();
    for (MachineStream stream : streams) {
      stream.snapshot = snapshot;
      stream.state.published(diff, Map.of(), 1, stream.now);
      stream.sent();
    }
  }

  private NodeStatus at(NodeStatuses look, MachineStream stream) {
    return look.at(
        node,
        stream.variant,
        Instant.EPOCH,
        snapshot,
        stream.state,
        stream.now,
        Instant.EPOCH::plusNanos);
  }

  private static SortedMap<String, ResourceVersions> resources(
      NodeStatus status, ResourceType type) {
    return Objects.requireNonNull(status.types().get(type)).resources();
  }

  @ParameterizedTest
  @EnumSource
  void whatIsSharedIsWhatEachHas(Variant variant) {
    MachineStream newest = stream(variant);
    MachineStream some = stream(variant);
    MachineStream unanswered = stream(variant);
    MachineStream refusing = stream(variant);
    MachineStream asksForOneMore = stream(variant);
    publish(
        new SnapshotBuilder(snapshot)
            .put(cluster("a", "1"))
            .put(cluster("b", "1"))
            .put(assignment("a", 1))
            .put(assignment("b", 1)));
    for (MachineStream stream : streams) {
      String[] names = stream == some ? new String[] {"a"} : new String[] {"a", "b"};
      stream.want(CLUSTER);
      stream.ack(CLUSTER);
      stream.want(ENDPOINT, names);
      stream.ack(ENDPOINT, names);
    }
    asksForOneMore.wantAlso(ENDPOINT, "a", "c");
    publish(new SnapshotBuilder(snapshot).put(cluster("b", "2")).put(assignment("a", 2)));
    for (MachineStream stream : streams) {
      if (stream == refusing) {
        stream.nack(CLUSTER, "no");
      } else if (stream != unanswered) {
        stream.ack(CLUSTER);
      }
    }
    newest.ack(ENDPOINT, "a", "b");
    some.ack(ENDPOINT, "a");

    NodeStatuses look = new NodeStatuses();

    for (MachineStream stream : streams) {
      assertThat(at(look, stream)).isEqualTo(at(new NodeStatuses(), stream));
    }
    assertThat(resources(at(look, some), ENDPOINT)).containsOnlyKeys("a");
    String before = cluster("b", "1").version();
    assertThat(List.of(unanswered, refusing))
        .extracting(it -> resources(at(look, it), CLUSTER).get("b"))
        .containsOnly(new ResourceVersions(cluster("b", "2").version(), before));
  }

  @Test
  void whoHasTheSameSharesIt() {
    MachineStream one = stream(Variant.DELTA);
    MachineStream other = stream(Variant.DELTA);
    publish(new SnapshotBuilder(snapshot).put(cluster("a", "1")));
    for (MachineStream stream : streams) {
      stream.want(CLUSTER);
      stream.ack(CLUSTER);
    }

    NodeStatuses look = new NodeStatuses();

    assertThat(resources(at(look, other), CLUSTER).get("a"))
        .isNotNull()
        .isSameAs(resources(at(look, one), CLUSTER).get("a"));
  }
}
