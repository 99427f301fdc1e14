package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.snapshot.ResourceType.ENDPOINT;
import static dev.sluice.server.snapshot.ResourceType.ROUTE;
import static dev.sluice.server.xds.Fixtures.assignment;
import static dev.sluice.server.xds.Fixtures.cluster;
import static dev.sluice.server.xds.Fixtures.listener;
import static dev.sluice.server.xds.Fixtures.route;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Clusters leave before the routes that lead to them, and go after the routes that did. */
class SubscriptionOrderTest {
  @ParameterizedTest
  @EnumSource
  void theTypesLeaveInOrderAndRoutesWaitForNewClusters(Variant variant) {
    MachineStream stream = MachineStream.configured(variant);
    List<String> first =
        stream.put(route("r", "2"), listener("l", "2"), assignment("b", 1), cluster("b", "1"));
    assertThat(first).containsExactly(cds(variant, "b", "a b"));
    assertThat(stream.wantAlso(ENDPOINT, "a", "b")).containsExactly("EDS[b]");
    stream.ack(ENDPOINT, "a", "b");
    assertThat(stream.ack(CLUSTER)).containsExactly("LDS[l]", "RDS[r]");
  }

  @ParameterizedTest
  @EnumSource
  void routesWaitForASilentClientsClustersUntilTheDeadline(Variant variant) {
    MachineStream stream = MachineStream.configured(variant);
    stream.put(route("r", "2"), cluster("b", "1"));
    assertThat(stream.state.wakeAt(stream.now)).hasValue(MachineStream.DEADLINE.toNanos());
    assertThat(stream.pass(Duration.ofMillis(9_999))).isEmpty();
    assertThat(stream.pass(Duration.ofMillis(1))).containsExactly("RDS[r]");
  }

  @ParameterizedTest
  @EnumSource
  void routesDoNotWaitForClustersThatOnlyChanged(Variant variant) {
    MachineStream stream = MachineStream.configured(variant);
    assertThat(stream.put(route("r", "2"), cluster("a", "2")))
        .containsExactly("CDS[a]", "EDS[a]", "RDS[r]");
  }

  @ParameterizedTest
  @EnumSource
  void endpointsAreSentAgainForAChangedCluster(Variant variant) {
    MachineStream stream = MachineStream.configured(variant);
    stream.put(cluster("b", "1"), assignment("b", 1));
    stream.ack(CLUSTER);
    stream.wantAlso(ENDPOINT, "a", "b");
    stream.ack(ENDPOINT, "a", "b");
    assertThat(stream.put(cluster("b", "2"))).containsExactly(cds(variant, "b", "a b"), "EDS[b]");
  }

  @ParameterizedTest
  @EnumSource
  void aClusterLeavesWhenTheRoutesThatUsedItAreAccepted(Variant variant) {
    MachineStream stream = MachineStream.configured(variant);
    stream.put(cluster("b", "1"));
    stream.ack(CLUSTER);
    List<String> first = stream.publish(edits -> edits.remove(CLUSTER, "a").put(route("r", "2")));
    assertThat(first).containsExactly("RDS[r]");
    assertThat(stream.ack(ROUTE, "r"))
        .containsExactlyElementsOf(
            variant == Variant.DELTA ? List.of("CDS[] -[a]") : List.of("CDS[b]"));
  }

  @ParameterizedTest
  @EnumSource
  void aClusterLeavesASilentClientAtTheDeadline(Variant variant) {
    MachineStream stream = MachineStream.configured(variant);
    stream.publish(edits -> edits.remove(CLUSTER, "a").remove(ENDPOINT, "a").put(route("r", "2")));
    assertThat(stream.state.wakeAt(stream.now)).hasValue(MachineStream.DEADLINE.toNanos());
    assertThat(stream.pass(Duration.ofMillis(9_999))).isEmpty();
    assertThat(stream.pass(Duration.ofMillis(1)))
        .containsExactlyElementsOf(
            variant == Variant.DELTA ? List.of("CDS[] -[a]", "EDS[] -[a]") : List.of("CDS[]"));
  }

  @ParameterizedTest
  @EnumSource
  void aClusterStaysWhileTheRoutesThatReplaceItAreRefused(Variant variant) {
    MachineStream stream = MachineStream.configured(variant);
    stream.publish(edits -> edits.remove(CLUSTER, "a").put(route("r", "bad")));
    assertThat(stream.nack(ROUTE, "r is impossible", "r")).isEmpty();
    stream.put(route("r", "good"));
    assertThat(stream.ack(ROUTE, "r")).hasSize(1).first().asString().startsWith("CDS");
  }

  @ParameterizedTest
  @EnumSource
  void aClusterThatLeavesIsSentOnWithOtherClustersUntilItMayGo(Variant variant) {
    MachineStream stream = MachineStream.configured(variant);
    stream.publish(edits -> edits.remove(CLUSTER, "a").put(route("r", "2")));
    assertThat(stream.put(cluster("b", "1"))).containsExactly(cds(variant, "b", "a b"));
    stream.ack(ROUTE, "r");
    assertThat(stream.ack(CLUSTER)).hasSize(1);
    assertThat(stream.last(CLUSTER).resources())
        .isEqualTo(variant == Variant.DELTA ? List.of() : List.of(cluster("b", "1")));
  }

  @ParameterizedTest
  @EnumSource
  void aClusterThatComesBackBeforeItLeftIsNotSent(Variant variant) {
    MachineStream stream = MachineStream.configured(variant);
    stream.publish(edits -> edits.remove(CLUSTER, "a").put(route("r", "2")));
    assertThat(stream.put(cluster("a", "1"))).isEmpty();
    assertThat(stream.ack(ROUTE, "r")).isEmpty();
  }

  private static String cds(Variant variant, String changed, String all) {
    return "CDS[" + (variant == Variant.DELTA ? changed : all) + "]";
  }
}
