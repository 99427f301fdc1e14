package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.snapshot.ResourceType.ENDPOINT;
import static dev.sluice.server.snapshot.ResourceType.LISTENER;
import static dev.sluice.server.snapshot.ResourceType.ROUTE;
import static dev.sluice.server.xds.Fixtures.assignment;
import static dev.sluice.server.xds.Fixtures.cluster;
import static dev.sluice.server.xds.Fixtures.listener;
import static dev.sluice.server.xds.Fixtures.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.snapshot.Resource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What is sent to whom and when, in both variants; {@link SotwStateTest} and {@link DeltaStateTest}
 * have what differs.
 */
class SubscriptionStateTest {
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
  void changesDuringAnUnansweredResponseAreOneResponseAfterTheAck(Variant variant) {
    MachineStream stream = MachineStream.configured(variant);
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
    MachineStream stream = MachineStream.configured(variant);
    stream.put(assignment("a", 2));
    stream.put(assignment("a", 3));
    stream.put(assignment("a", 2));
    assertThat(stream.ack(ENDPOINT, "a")).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void anUnansweredTypeHoldsBackNoOther(Variant variant) {
    MachineStream stream = MachineStream.configured(variant);
    stream.put(assignment("a", 2));
    assertThat(stream.put(route("r", "2"))).containsExactly("RDS[r]");
  }

  @ParameterizedTest
  @EnumSource
  void endpointsThatAreAllGoneAreAnEmptyAssignmentAtOnce(Variant variant) {
    MachineStream stream = MachineStream.configured(variant);
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
    MachineStream stream = MachineStream.configured(variant);
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
    MachineStream stream = MachineStream.configured(variant);
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
    MachineStream stream = MachineStream.configured(variant);
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
