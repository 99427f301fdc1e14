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
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotDiff;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DeltaStateTest {
  private final MachineStream stream = new MachineStream(Variant.DELTA);

  private List<String> subscribe(String... names) {
    return stream.delta(CLUSTER, List.of(names), List.of(), Map.of());
  }

  private List<String> unsubscribe(String... names) {
    return stream.delta(CLUSTER, List.of(), List.of(names), Map.of());
  }

  @Test
  void aResponseHoldsWhatDiffersAlone() {
    stream.put(cluster("a", "1"), cluster("b", "1"));
    assertThat(stream.want(CLUSTER)).containsExactly("CDS[a b]");
    stream.ack(CLUSTER);
    assertThat(stream.put(cluster("b", "2"))).containsExactly("CDS[b]");
    stream.ack(CLUSTER);
    assertThat(stream.publish(edits -> edits.remove(CLUSTER, "a"))).containsExactly("CDS[] -[a]");
    assertThat(stream.last(CLUSTER).version()).isEqualTo(stream.snapshot.hash(CLUSTER).toString());
  }

  @Test
  void whoComesBackWithTheNewestIsShownWithItsVersion() {
    stream.put(cluster("a", "1"), cluster("b", "1"));
    Map<String, String> newest =
        Map.of("a", cluster("a", "1").version(), "b", cluster("b", "1").version());

    assertThat(stream.delta(CLUSTER, List.of("*"), List.of(), newest)).isEmpty();

    TypeSubscription clusters = stream.state.subscriptions().iterator().next();
    String version = stream.snapshot.hash(CLUSTER).toString();
    assertThat(clusters.ackedVersion).isEqualTo(version);
    assertThat(clusters.sentVersion()).isEqualTo(version);
  }

  @Test
  void whoComesBackWithAnotherVersionIsShownWithNoneBeforeItAnswers() {
    stream.put(cluster("a", "1"), cluster("b", "1"));

    assertThat(
            stream.delta(
                CLUSTER,
                List.of("*"),
                List.of(),
                Map.of("a", "other", "b", cluster("b", "1").version())))
        .containsExactly("CDS[a]");

    assertThat(stream.state.subscriptions().iterator().next().ackedVersion).isEmpty();
  }

  @Test
  void whatWasAcceptedAndIsServedNoMoreStaysOverAReconnect() {
    Resource accepted = cluster("a", "accepted");
    SubscriptionState state =
        new SubscriptionState(
            Variant.DELTA,
            SotwSubscription.Reconnect.BELIEVED,
            MachineStream.DEADLINE,
            new Shared());
    state.request(
        new Request.Delta(
            CLUSTER,
            "",
            List.of("*"),
            List.of(),
            Map.of("a", accepted.version()),
            Optional.empty()),
        0);

    state.published(
        SnapshotDiff.between(Snapshot.EMPTY, Snapshot.EMPTY),
        Map.of(CLUSTER, Map.of("a", accepted)),
        1,
        0);

    assertThat(state.next(MachineStream.DEADLINE.toNanos() * 2)).isEmpty();
  }

  @Test
  void aNameThatIsGoneBeforeItsAnswerIsAnsweredAsRemoved() {
    MachineStream stream = new MachineStream(Variant.DELTA);
    stream.put(route("a", "1"), route("b", "1"));
    stream.want(ROUTE, "a");
    stream.delta(ROUTE, List.of("b"), List.of(), Map.of()); // Waits for the first's answer.
    stream.publish(builder -> builder.remove(ROUTE, "b"));

    assertThat(stream.ack(ROUTE)).containsExactly("RDS[] -[b]");
  }

  @Test
  void whatIsMarkedWhenTheWildcardIsGivenUpIsNotSent() {
    MachineStream stream = new MachineStream(Variant.DELTA);
    stream.put(cluster("a", "1"));
    stream.delta(CLUSTER, List.of("*", "a"), List.of(), Map.of());
    stream.put(cluster("b", "1")); // Waits for the first's answer.
    stream.delta(CLUSTER, List.of(), List.of("*"), Map.of());

    assertThat(stream.ack(CLUSTER)).isEmpty();
  }

  @Test
  void aMissingNameIsAnsweredAsRemovedAndSentWhenItComes() {
    stream.put();
    assertThat(stream.want(ROUTE, "r")).containsExactly("RDS[] -[r]");
    stream.ack(ROUTE);
    assertThat(stream.put(route("r", "1"))).containsExactly("RDS[r]");
  }

  @Test
  void whatIsKnownIsSentAgainWhenItIsSubscribedToAgain() {
    stream.put(cluster("a", "1"), cluster("b", "1"));
    assertThat(subscribe("a", "a")).containsExactly("CDS[a]");
    stream.ack(CLUSTER);
    assertThat(subscribe("a")).containsExactly("CDS[a]");
    stream.ack(CLUSTER);
    assertThat(subscribe("*")).containsExactly("CDS[b]");
    stream.ack(CLUSTER);
    assertThat(subscribe("b")).as("covered by the wildcard").containsExactly("CDS[b]");
  }

  @Test
  void unsubscribingANameUnderAWildcardSendsItAgainOrSaysThatItIsGone() {
    stream.put(cluster("a", "1"));
    subscribe("*", "a", "missing");
    stream.ack(CLUSTER);
    assertThat(unsubscribe("a")).containsExactly("CDS[a]");
    stream.ack(CLUSTER);
    assertThat(unsubscribe("missing")).containsExactly("CDS[] -[missing]");
    stream.ack(CLUSTER);
    assertThat(unsubscribe("never")).isEmpty();
  }

  @Test
  void theWildcardCanBeGivenUpWhileNamesStay() {
    stream.put(cluster("a", "1"), cluster("b", "1"));
    subscribe("*", "a");
    stream.ack(CLUSTER);
    assertThat(unsubscribe("*")).isEmpty();
    assertThat(stream.put(cluster("b", "2"))).isEmpty();
    assertThat(stream.put(cluster("a", "2"))).containsExactly("CDS[a]");
  }

  @Test
  void aSubscriptionIsTakenWhateverItsNonce() {
    stream.put(route("r", "1"), route("s", "1"));
    stream.want(ROUTE, "r");
    Request stale =
        new Request.Delta(ROUTE, "99", List.of("s"), List.of(), Map.of(), Optional.empty());
    stream.state.request(stale, stream.now);
    assertThat(stream.ack(ROUTE)).containsExactly("RDS[s]");
  }

  @Test
  void aReconnectingClientIsSentNothingThatItHas() {
    stream.put(cluster("a", "1"), assignment("a", 1), listener("l", "1"), route("r", "1"));
    assertThat(
            stream.delta(CLUSTER, List.of(), List.of(), Map.of("a", cluster("a", "1").version())))
        .isEmpty();
    assertThat(
            stream.delta(
                ENDPOINT, List.of("a"), List.of(), Map.of("a", assignment("a", 1).version())))
        .isEmpty();
    assertThat(
            stream.delta(
                LISTENER, List.of("*"), List.of(), Map.of("l", listener("l", "1").version())))
        .isEmpty();
    assertThat(stream.delta(ROUTE, List.of("r"), List.of(), Map.of("r", route("r", "1").version())))
        .isEmpty();
    assertThat(stream.put(assignment("a", 2), route("r", "2"))).containsExactly("EDS[a]", "RDS[r]");
  }

  @Test
  void aReconnectingClientIsSentWhatDiffers() {
    stream.put(cluster("a", "2"), cluster("b", "1"), assignment("a", 1));
    assertThat(
            stream.delta(CLUSTER, List.of(), List.of(), Map.of("a", cluster("a", "1").version())))
        .containsExactly("CDS[a b]");
    assertThat(
            stream.delta(
                ENDPOINT, List.of("a"), List.of(), Map.of("a", assignment("a", 1).version())))
        .as("the changed cluster warms anew")
        .containsExactly("EDS[a]");
  }

  @Test
  void whatIsGoneLeavesAReconnectingClientAfterItsRoutesHaveCaughtUp() {
    stream.put(cluster("a", "1"), listener("l", "1"), route("r", "2"));
    Map<String, String> clusters = Map.of("a", cluster("a", "1").version(), "old", "v");
    assertThat(stream.delta(CLUSTER, List.of(), List.of(), clusters)).isEmpty();
    assertThat(stream.delta(ENDPOINT, List.of("old"), List.of(), Map.of("old", "v"))).isEmpty();
    assertThat(
            stream.delta(LISTENER, List.of(), List.of(), Map.of("l", listener("l", "1").version())))
        .isEmpty();
    assertThat(stream.delta(ROUTE, List.of("r"), List.of(), Map.of("r", route("r", "1").version())))
        .containsExactly("RDS[r]");
    assertThat(stream.ack(ROUTE)).containsExactly("CDS[] -[old]", "EDS[] -[old]");
  }

  @Test
  void whatIsGoneLeavesAReconnectingClientWithoutRoutesAtTheDeadline() {
    stream.put(cluster("a", "1"));
    Map<String, String> clusters = Map.of("a", cluster("a", "1").version(), "old", "v");
    assertThat(stream.delta(CLUSTER, List.of(), List.of(), clusters)).isEmpty();
    assertThat(stream.state.wakeAt(stream.now)).isPresent();
    assertThat(stream.pass(MachineStream.DEADLINE)).containsExactly("CDS[] -[old]");
  }

  @Test
  void aReconnectBeforeTheFirstSnapshotIsTheSame() {
    Map<String, String> clusters = Map.of("a", cluster("a", "1").version(), "old", "v");
    stream.delta(CLUSTER, List.of(), List.of(), clusters);
    stream.delta(ROUTE, List.of("r"), List.of(), Map.of("r", route("r", "1").version()));
    assertThat(stream.put(cluster("a", "1"), route("r", "2"))).containsExactly("RDS[r]");
    stream.ack(ROUTE);
    assertThat(stream.pass(MachineStream.DEADLINE)).containsExactly("CDS[] -[old]");
  }
}
