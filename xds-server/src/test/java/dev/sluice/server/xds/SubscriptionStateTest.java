package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.snapshot.ResourceType.ENDPOINT;
import static dev.sluice.server.snapshot.ResourceType.LISTENER;
import static dev.sluice.server.snapshot.ResourceType.ROUTE;
import static dev.sluice.server.xds.Fixtures.assignment;
import static dev.sluice.server.xds.Fixtures.cluster;
import static dev.sluice.server.xds.Fixtures.listener;
import static dev.sluice.server.xds.Fixtures.readyAssignment;
import static dev.sluice.server.xds.Fixtures.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What holds in both variants; {@link SotwStateTest} and {@link DeltaStateTest} have the rest. */
class SubscriptionStateTest {
  private static MachineStream configured(Variant variant) {
    MachineStream stream = new MachineStream(variant);
    stream.put(cluster("a", "1"), assignment("a", 1), listener("l", "1"), route("r", "1"));
    stream.want(CLUSTER);
    stream.want(ENDPOINT, "a");
    stream.ack(CLUSTER);
    stream.ack(ENDPOINT, "a");
    stream.want(LISTENER);
    stream.ack(LISTENER);
    stream.want(ROUTE, "r");
    stream.ack(ROUTE, "r");
    return stream;
  }

  @ParameterizedTest
  @EnumSource
  void nothingIsSentBeforeTheFirstSnapshot(Variant variant) {
    MachineStream stream = new MachineStream(variant);
    assertThat(stream.want(CLUSTER)).isEmpty();
    assertThat(stream.want(ENDPOINT, "a")).isEmpty();
    assertThat(stream.put(cluster("a", "1"), assignment("a", 1)))
        .containsExactly("CDS[a]", "EDS[a]");
  }

  @ParameterizedTest
  @EnumSource
  void howLongTheClientIsBehindIsCountedUntilItHasAll(Variant variant) {
    MachineStream stream = new MachineStream(variant);
    stream.put(cluster("a", "1"));
    stream.pass(Duration.ofSeconds(1));
    stream.want(CLUSTER, "*");
    stream.pass(Duration.ofSeconds(3));
    TypeSubscription clusters = stream.state.subscriptions().iterator().next();
    assertThat(clusters.behindSince()).hasValue(Duration.ofSeconds(1).toNanos());

    stream.ack(CLUSTER, "*");
    assertThat(clusters.behindSince()).isEmpty();

    stream.put(cluster("a", "2"));
    assertThat(clusters.behindSince()).hasValue(Duration.ofSeconds(4).toNanos());
  }

  @ParameterizedTest
  @EnumSource
  void anAckIsNotAnswered(Variant variant) {
    MachineStream stream = new MachineStream(variant);
    stream.put(cluster("a", "1"));
    assertThat(stream.want(CLUSTER)).containsExactly("CDS[a]");
    assertThat(stream.ack(CLUSTER)).isEmpty();
    assertThat(stream.ack(CLUSTER)).as("the same ACK again").isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void anEmptyTypeUnderAWildcardIsAnsweredWithAnEmptyResponse(Variant variant) {
    MachineStream stream = new MachineStream(variant);
    stream.put();
    assertThat(stream.want(CLUSTER)).containsExactly("CDS[]");
    assertThat(stream.want(LISTENER)).containsExactly("LDS[]");
    assertThat(stream.want(ROUTE, "*")).containsExactly("RDS[]");
  }

  @ParameterizedTest
  @EnumSource
  void aNackIsNotAnsweredUntilTheContentChanges(Variant variant) {
    MachineStream stream = new MachineStream(variant);
    stream.put(cluster("a", "bad"), cluster("b", "1"));
    stream.want(CLUSTER);
    assertThat(stream.nack(CLUSTER, "cluster a is impossible")).isEmpty();
    assertThat(stream.pass(Duration.ofMinutes(5))).isEmpty();
    assertThat(stream.put(cluster("a", "good"))).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void aNackIsRecordedWithTheResourcesThatItNames(Variant variant) {
    MachineStream stream = new MachineStream(variant);
    stream.put(cluster("apple", "bad"), cluster("pear", "1"));
    stream.want(CLUSTER);
    stream.nack(CLUSTER, "cluster apple is impossible");
    TypeSubscription clusters = stream.state.subscriptions().iterator().next();
    assertThat(clusters.lastNack().map(Reply.Nack::names)).contains(List.of("apple"));
    assertThat(clusters.ackedVersion).isEmpty();
    assertThat(clusters.heldVersion("apple")).isEmpty();
    stream.put(cluster("apple", "good"));
    stream.ack(CLUSTER);
    assertThat(clusters.heldVersion("apple")).isEqualTo(cluster("apple", "good").version());
  }

  @ParameterizedTest
  @EnumSource
  void anUnrelatedChangeDoesNotHideThatARefusedVersionIsNotUsed(Variant variant) {
    MachineStream stream = configured(variant);
    if (!stream.want(ROUTE, sub(variant, "r", "s")).isEmpty()) {
      stream.ack(ROUTE); // delta says that s does not exist
    }
    stream.put(route("r", "bad"));
    stream.nack(ROUTE, "r is impossible", "r", "s");
    stream.put(route("s", "1"));
    stream.ack(ROUTE, "r", "s");
    TypeSubscription routes = stream.state.subscriptions().stream().toList().getLast();
    assertThat(routes.heldVersion("r")).isEqualTo(route("r", "1").version());
    assertThat(routes.heldVersion("s")).isEqualTo(route("s", "1").version());
  }

  @ParameterizedTest
  @EnumSource
  void whatOnlyCameAlongWithSomethingRefusedIsSentWithoutIt(Variant variant) {
    MachineStream stream = new MachineStream(variant);
    stream.put(route("apple", "bad"), route("fig", "1"), route("pear", "1"));
    stream.want(ROUTE, "apple", "fig", "pear");
    assertThat(stream.nack(ROUTE, "apple is impossible", "apple", "fig", "pear")).isEmpty();
    assertThat(stream.put(route("pear", "2"))).containsExactly("RDS[fig pear]");
    assertThat(stream.ack(ROUTE, "apple", "fig", "pear")).isEmpty();
    assertThat(stream.put(route("pear", "3"))).containsExactly("RDS[pear]");
    stream.ack(ROUTE, "apple", "fig", "pear");
    assertThat(stream.put(route("apple", "good"))).containsExactly("RDS[apple]");
  }

  @ParameterizedTest
  @EnumSource
  void changesDuringAnUnansweredResponseAreOneResponseAfterTheAck(Variant variant) {
    MachineStream stream = configured(variant);
    assertThat(stream.put(assignment("a", 2))).containsExactly("EDS[a]");
    assertThat(stream.put(assignment("a", 3))).isEmpty();
    assertThat(stream.put(assignment("a", 4))).isEmpty();
    assertThat(stream.ack(ENDPOINT, "a")).containsExactly("EDS[a]");
    assertThat(stream.last(ENDPOINT).resources()).containsExactly(assignment("a", 4));
    assertThat(stream.ack(ENDPOINT, "a")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aChangeThatIsTakenBackWhileTheClientIsSilentIsNotSent(Variant variant) {
    MachineStream stream = configured(variant);
    stream.put(assignment("a", 2));
    stream.put(assignment("a", 3));
    stream.put(assignment("a", 2));
    assertThat(stream.ack(ENDPOINT, "a")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void anUnansweredTypeHoldsBackNoOther(Variant variant) {
    MachineStream stream = configured(variant);
    stream.put(assignment("a", 2));
    assertThat(stream.put(route("r", "2"))).containsExactly("RDS[r]");
  }

  @ParameterizedTest
  @EnumSource
  void theTypesLeaveInOrderAndRoutesWaitForNewClusters(Variant variant) {
    MachineStream stream = configured(variant);
    List<String> first =
        stream.put(route("r", "2"), listener("l", "2"), assignment("b", 1), cluster("b", "1"));
    assertThat(first).containsExactly(cds(variant, "b", "a b"));
    assertThat(stream.want(ENDPOINT, sub(variant, "a", "b"))).containsExactly("EDS[b]");
    stream.ack(ENDPOINT, "a", "b");
    assertThat(stream.ack(CLUSTER)).containsExactly("LDS[l]", "RDS[r]");
  }

  private static String[] sub(Variant variant, String known, String added) {
    return variant == Variant.DELTA ? new String[] {added} : new String[] {known, added};
  }

  private static String cds(Variant variant, String changed, String all) {
    return "CDS[" + (variant == Variant.DELTA ? changed : all) + "]";
  }

  @ParameterizedTest
  @EnumSource
  void routesWaitForASilentClientsClustersUntilTheDeadline(Variant variant) {
    MachineStream stream = configured(variant);
    stream.put(route("r", "2"), cluster("b", "1"));
    assertThat(stream.state.wakeAt(stream.now)).hasValue(MachineStream.DEADLINE.toNanos());
    assertThat(stream.pass(Duration.ofMillis(9_999))).isEmpty();
    assertThat(stream.pass(Duration.ofMillis(1))).containsExactly("RDS[r]");
  }

  @ParameterizedTest
  @EnumSource
  void routesDoNotWaitForClustersThatOnlyChanged(Variant variant) {
    MachineStream stream = configured(variant);
    assertThat(stream.put(route("r", "2"), cluster("a", "2")))
        .containsExactly("CDS[a]", "EDS[a]", "RDS[r]");
  }

  @ParameterizedTest
  @EnumSource
  void endpointsAreSentAgainForAChangedCluster(Variant variant) {
    MachineStream stream = configured(variant);
    stream.put(cluster("b", "1"), assignment("b", 1));
    stream.ack(CLUSTER);
    stream.want(ENDPOINT, sub(variant, "a", "b"));
    stream.ack(ENDPOINT, "a", "b");
    assertThat(stream.put(cluster("b", "2"))).containsExactly(cds(variant, "b", "a b"), "EDS[b]");
  }

  @ParameterizedTest
  @EnumSource
  void aClusterLeavesWhenTheRoutesThatUsedItAreAccepted(Variant variant) {
    MachineStream stream = configured(variant);
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
    MachineStream stream = configured(variant);
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
    MachineStream stream = configured(variant);
    stream.publish(edits -> edits.remove(CLUSTER, "a").put(route("r", "bad")));
    assertThat(stream.nack(ROUTE, "r is impossible", "r")).isEmpty();
    stream.put(route("r", "good"));
    assertThat(stream.ack(ROUTE, "r")).hasSize(1).first().asString().startsWith("CDS");
  }

  @ParameterizedTest
  @EnumSource
  void aClusterThatLeavesIsSentOnWithOtherClustersUntilItMayGo(Variant variant) {
    MachineStream stream = configured(variant);
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
    MachineStream stream = configured(variant);
    stream.publish(edits -> edits.remove(CLUSTER, "a").put(route("r", "2")));
    assertThat(stream.put(cluster("a", "1"))).isEmpty();
    assertThat(stream.ack(ROUTE, "r")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void endpointsThatAreAllGoneAreAnEmptyAssignmentAtOnce(Variant variant) {
    MachineStream stream = configured(variant);
    stream.put(route("r", "2"));
    assertThat(stream.publish(edits -> edits.remove(ENDPOINT, "a"))).containsExactly("EDS[a]");
    assertThat(stream.last(ENDPOINT).resources()).containsExactly(Content.emptyAssignment("a"));
  }

  @ParameterizedTest
  @EnumSource
  void aClusterWithoutEndpointsIsAnsweredWithAnEmptyAssignment(Variant variant) {
    MachineStream stream = new MachineStream(variant);
    stream.put(cluster("a", "1"));
    assertThat(stream.want(ENDPOINT, "a")).containsExactly("EDS[a]");
    assertThat(stream.last(ENDPOINT).resources()).containsExactly(Content.emptyAssignment("a"));
  }

  @ParameterizedTest
  @EnumSource
  void aNameThatIsDroppedAndAskedForAgainIsSentAgain(Variant variant) {
    MachineStream stream = configured(variant);
    if (variant == Variant.DELTA) {
      assertThat(stream.delta(ROUTE, List.of(), List.of("r"), Map.of())).isEmpty();
    } else {
      assertThat(stream.sotw(ROUTE, "", List.of())).isEmpty();
    }
    assertThat(stream.put(route("r", "2"))).as("not wanted").isEmpty();
    stream.put(route("r", "1"));
    assertThat(stream.want(ROUTE, "r")).containsExactly("RDS[r]");
  }

  @ParameterizedTest
  @EnumSource
  void aChangeInOneTypeMovesNoOtherTypesVersion(Variant variant) {
    MachineStream stream = configured(variant);
    String before = stream.last(CLUSTER).version();
    stream.put(assignment("a", 2));
    stream.ack(ENDPOINT, "a");
    stream.put(cluster("a", "2"));
    stream.ack(CLUSTER);
    stream.ack(ENDPOINT, "a");
    stream.put(cluster("a", "1"));
    assertThat(stream.last(CLUSTER).version()).isEqualTo(before);
  }

  @ParameterizedTest
  @EnumSource
  void aStaleNonceCountsForNothing(Variant variant) {
    MachineStream stream = configured(variant);
    stream.put(route("r", "2"));
    Request stale =
        variant == Variant.DELTA
            ? new Request.Delta(ROUTE, "1", List.of(), List.of(), Map.of(), Optional.of("late"))
            : new Request.Sotw(ROUTE, "", "1", List.of("other"), Optional.of("late"));
    assertThat(stream.state.request(stale, stream.now)).isInstanceOf(Reply.Stale.class);
    assertThat(stream.put(route("r", "3"), route("other", "1")))
        .as("the newest is still unanswered")
        .isEmpty();
    assertThat(stream.ack(ROUTE, "r")).containsExactly("RDS[r]");
  }

  @ParameterizedTest
  @EnumSource
  void anUnknownNonceOnANewStreamIsAFirstRequest(Variant variant) {
    MachineStream stream = new MachineStream(variant);
    stream.put(cluster("a", "1"));
    Request first =
        variant == Variant.DELTA
            ? new Request.Delta(CLUSTER, "77", List.of(), List.of(), Map.of(), Optional.empty())
            : new Request.Sotw(CLUSTER, "", "77", List.of(), Optional.empty());
    stream.state.request(first, stream.now);
    assertThat(stream.sent()).containsExactly("CDS[a]");
  }

  @ParameterizedTest
  @EnumSource
  void anAssignmentThatLosesItsLastInstanceWaitsForTheRoutesThatMoveAway(Variant variant) {
    MachineStream stream = new MachineStream(variant);
    stream.put(cluster("a", "1"), readyAssignment("a"), listener("l", "1"), route("r", "1"));
    stream.want(CLUSTER, "*");
    stream.ack(CLUSTER, "*");
    stream.want(ENDPOINT, "a");
    stream.ack(ENDPOINT, "a");
    stream.want(LISTENER, "*");
    stream.ack(LISTENER, "*");
    stream.want(ROUTE, "r");
    stream.ack(ROUTE, "r");

    assertThat(stream.put(assignment("a", 1), route("r", "2"))).containsExactly("RDS[r]");
    assertThat(stream.ack(ROUTE, "r")).containsExactly("EDS[a]");
    stream.ack(ENDPOINT, "a");

    stream.put(readyAssignment("a"));
    stream.ack(ENDPOINT, "a");
    assertThat(stream.put(assignment("a", 2)))
        .as("no route moves away, so there is nothing to wait for")
        .containsExactly("EDS[a]");
  }

  @ParameterizedTest
  @EnumSource
  void routesDoNotOvertakeTheFirstInstancesToWhichTheyLead(Variant variant) {
    MachineStream stream = configured(variant);
    stream.put(assignment("a", 2)); // The client owes an answer, so that the next one waits.

    assertThat(stream.put(readyAssignment("a"), route("r", "2"))).isEmpty();
    assertThat(waitOf(stream, ROUTE))
        .isEqualTo("their first instances to be sent, at most for 10s");
    assertThat(stream.ack(ENDPOINT, "a")).containsExactly("EDS[a]", "RDS[r]");
    assertThat(waitOf(stream, ROUTE)).isEqualTo("the answer to what was sent");
  }

  @ParameterizedTest
  @EnumSource
  void aClientThatNeverTakesTheFirstInstancesGetsItsRoutesAtTheDeadline(Variant variant) {
    MachineStream stream = configured(variant);
    stream.put(assignment("a", 2));
    stream.put(readyAssignment("a"));
    stream.pass(Duration.ofSeconds(2));

    assertThat(stream.put(route("r", "2"))).as("later, and still behind them").isEmpty();
    assertThat(stream.pass(Duration.ofSeconds(7))).isEmpty();
    assertThat(stream.pass(Duration.ofSeconds(1))).containsExactly("RDS[r]");
  }

  @ParameterizedTest
  @EnumSource
  void instancesThatCameAndWentUnsentHoldNoRouteBack(Variant variant) {
    MachineStream stream = configured(variant);
    stream.put(assignment("a", 2));
    stream.put(readyAssignment("a"), route("r", "2"));

    assertThat(stream.put(assignment("a", 2))).containsExactly("RDS[r]");
    stream.ack(ROUTE, "r");
    stream.put(readyAssignment("a"));
    stream.put(assignment("a", 3));
    stream.ack(ENDPOINT, "a");
    assertThat(stream.put(route("r", "3"))).containsExactly("RDS[r]");
  }

  private static String waitOf(MachineStream stream, ResourceType type) {
    return stream.state.waitsFor(
        stream.state.subscriptions().stream()
            .filter(it -> it.type == type)
            .findFirst()
            .orElseThrow(),
        stream.now);
  }

  @Test
  void aProxylessClientAsksByNameFromListenersDown() {
    MachineStream stream =
        new MachineStream(Variant.STATE_OF_THE_WORLD, SotwSubscription.Reconnect.SENT_AGAIN);
    Resource[] all = {cluster("a", "1"), assignment("a", 1), listener("l", "1"), route("r", "1")};
    stream.put(all);
    assertThat(stream.want(LISTENER, "l")).containsExactly("LDS[l]");
    stream.ack(LISTENER, "l");
    assertThat(stream.want(ROUTE, "r")).containsExactly("RDS[r]");
    stream.ack(ROUTE, "r");
    assertThat(stream.want(CLUSTER, "a")).containsExactly("CDS[a]");
    stream.ack(CLUSTER, "a");
    assertThat(stream.want(ENDPOINT, "a")).containsExactly("EDS[a]");
    assertThat(stream.sotw(LISTENER, stream.last(LISTENER).version(), List.of("l", "none")))
        .as("a missing listener is told by absence")
        .containsExactly("LDS[l]");
  }
}
