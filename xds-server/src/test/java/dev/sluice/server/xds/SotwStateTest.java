package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.snapshot.ResourceType.ENDPOINT;
import static dev.sluice.server.snapshot.ResourceType.LISTENER;
import static dev.sluice.server.snapshot.ResourceType.ROUTE;
import static dev.sluice.server.xds.Fixtures.assignment;
import static dev.sluice.server.xds.Fixtures.cluster;
import static dev.sluice.server.xds.Fixtures.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SotwStateTest {
  private final MachineStream stream = new MachineStream(Variant.STATE_OF_THE_WORLD);

  private static MachineStream reconnected(MachineStream before) {
    return reconnected(before, SotwSubscription.Reconnect.BELIEVED);
  }

  private static MachineStream reconnected(
      MachineStream before, SotwSubscription.Reconnect reconnect) {
    MachineStream after = new MachineStream(Variant.STATE_OF_THE_WORLD, reconnect);
    after.put(before.snapshot.resources(CLUSTER).values().toArray(Resource[]::new));
    after.put(before.snapshot.resources(ENDPOINT).values().toArray(Resource[]::new));
    after.put(before.snapshot.resources(ROUTE).values().toArray(Resource[]::new));
    return after;
  }

  @Test
  void clustersAreTheWholeStateAndRoutesWhatChanged() {
    stream.put(cluster("a", "1"), cluster("b", "1"), route("r", "1"), route("s", "1"));
    stream.want(CLUSTER);
    stream.ack(CLUSTER);
    assertThat(stream.want(ROUTE, "r", "s")).containsExactly("RDS[r s]");
    stream.ack(ROUTE, "r", "s");
    assertThat(stream.put(cluster("a", "2"), route("r", "2")))
        .containsExactly("CDS[a b]", "RDS[r]");
  }

  @Test
  void whoComesBackWithTheNewestIsShownWithItsVersion() {
    stream.put(cluster("a", "1"), cluster("b", "1"));
    stream.want(CLUSTER);
    String version = stream.last(CLUSTER).version();
    MachineStream after = reconnected(stream);

    assertThat(after.sotw(CLUSTER, version, List.of())).isEmpty();

    TypeSubscription clusters = after.state.subscriptions().iterator().next();
    assertThat(clusters.ackedVersion).isEqualTo(version);
    assertThat(clusters.sentVersion()).isEqualTo(version);
  }

  @Test
  void anEmptyListAfterNamesUnsubscribesFromAll() {
    stream.put(cluster("a", "1"));
    assertThat(stream.want(CLUSTER, "a")).containsExactly("CDS[a]");
    stream.ack(CLUSTER, "a");
    assertThat(stream.sotw(CLUSTER, "", List.of())).isEmpty();
    assertThat(stream.put(cluster("a", "2"))).isEmpty();
    assertThat(stream.sotw(CLUSTER, "", List.of("a"))).containsExactly("CDS[a]");
  }

  @Test
  void aNameThatIsLeftUnderAStarIsSentAgainAndStaysKnown() {
    MachineStream stream = new MachineStream(Variant.STATE_OF_THE_WORLD);
    stream.put(cluster("a", "1"), cluster("b", "1"));
    stream.want(CLUSTER, "*", "a", "b");
    stream.ack(CLUSTER, "*", "a", "b");

    assertThat(stream.sotw(CLUSTER, "", List.of("*", "a"))).containsExactly("CDS[a b]");
    stream.ack(CLUSTER, "*", "a");
    assertThat(stream.last(CLUSTER).version()).isEqualTo(stream.snapshot.hash(CLUSTER).toString());
    assertThat(stream.publish(builder -> builder.remove(CLUSTER, "b"))).containsExactly("CDS[a]");
  }

  @Test
  void aStarIsAWildcardBesideNames() {
    stream.put(cluster("a", "1"), cluster("b", "1"));
    assertThat(stream.want(CLUSTER, "*", "a", "a")).containsExactly("CDS[a b]");
    stream.ack(CLUSTER, "*", "a");
    assertThat(stream.sotw(CLUSTER, "", List.of("a"))).as("fewer names").isEmpty();
    assertThat(stream.put(cluster("b", "2"))).isEmpty();
    assertThat(stream.put(cluster("a", "2"))).containsExactly("CDS[a]");
  }

  @Test
  void newNamesAloneAreAnsweredForAssignments() {
    stream.put(cluster("a", "1"), cluster("b", "1"), assignment("a", 1), assignment("b", 1));
    assertThat(stream.want(ENDPOINT, "a")).containsExactly("EDS[a]");
    assertThat(stream.ack(ENDPOINT, "a", "b")).containsExactly("EDS[b]");
    assertThat(stream.ack(ENDPOINT, "a", "b")).isEmpty();
  }

  @Test
  void anAssignmentOfNoKnownClusterIsNotAnswered() {
    stream.put(cluster("a", "1"));
    assertThat(stream.want(ENDPOINT, "other")).isEmpty();
    assertThat(stream.put(cluster("other", "1"))).isEmpty();
    assertThat(stream.want(CLUSTER)).containsExactly("CDS[a other]", "EDS[other]");
  }

  @Test
  void theLastClustersRemovalIsAnEmptyResponse() {
    stream.put(cluster("a", "1"));
    stream.want(CLUSTER);
    stream.ack(CLUSTER);
    assertThat(stream.publish(edits -> edits.remove(CLUSTER, "a"))).containsExactly("CDS[]");
    assertThat(stream.last(CLUSTER).version()).isEqualTo("0".repeat(32));
  }

  @Test
  void theVersionIsThatOfTheSnapshotOnAnyReplica() {
    stream.put(cluster("a", "1"), cluster("b", "1"));
    stream.want(CLUSTER);
    stream.ack(CLUSTER);
    stream.put(cluster("a", "2"));
    assertThat(stream.last(CLUSTER).version()).isEqualTo(stream.snapshot.hash(CLUSTER).toString());
  }

  @Test
  void aReconnectWithTheCurrentVersionIsNotAnsweredButForAssignments() {
    stream.put(cluster("a", "1"), assignment("a", 1), route("r", "1"), route("other", "1"));
    stream.want(CLUSTER);
    stream.want(ENDPOINT, "a");
    stream.ack(CLUSTER);
    stream.want(ROUTE, "r");
    MachineStream again = reconnected(stream);
    assertThat(again.sotw(CLUSTER, stream.last(CLUSTER).version(), List.of())).isEmpty();
    assertThat(again.sotw(ENDPOINT, stream.last(ENDPOINT).version(), List.of("a")))
        .containsExactly("EDS[a]");
    assertThat(again.sotw(LISTENER, "", List.of())).containsExactly("LDS[]");
    assertThat(again.sotw(ROUTE, stream.last(ROUTE).version(), List.of("r"))).isEmpty();
    assertThat(again.put(route("r", "2"))).containsExactly("RDS[r]");
    assertThat(again.put(cluster("a", "2"))).containsExactly("CDS[a]");
  }

  @Test
  void aReconnectWithAnotherVersionOrOtherNamesIsAnswered() {
    stream.put(cluster("a", "1"), route("r", "1"), route("s", "1"));
    stream.want(CLUSTER);
    stream.ack(CLUSTER);
    stream.want(ROUTE, "r");
    MachineStream again = reconnected(stream);
    assertThat(again.sotw(ROUTE, stream.last(ROUTE).version(), List.of("r", "s")))
        .containsExactly("RDS[r s]");
    assertThat(again.sotw(CLUSTER, "old", List.of())).as("its routes may need it").isEmpty();
    assertThat(again.pass(Duration.ofSeconds(1))).containsExactly("CDS[a]");
  }

  @Test
  void aProxylessClientThatReconnectsIsAnsweredBecauseItMayHaveForgotten() {
    stream.put(route("r", "1"));
    stream.want(ROUTE, "r");
    MachineStream again = reconnected(stream, SotwSubscription.Reconnect.SENT_AGAIN);
    assertThat(again.sotw(ROUTE, stream.last(ROUTE).version(), List.of("r")))
        .containsExactly("RDS[r]");
  }

  @Test
  void aRequestThatCrossedAResponseIsIgnoredBecauseItsAckRepeatsTheNames() {
    stream.put(cluster("a", "1"), cluster("b", "1"), assignment("a", 1), assignment("b", 1));
    stream.want(ENDPOINT, "a");
    Request crossed = new Request.Sotw(ENDPOINT, "", "", List.of("a", "b"), Optional.empty());
    stream.state.request(crossed, stream.now);
    assertThat(stream.sent()).isEmpty();
    assertThat(stream.ack(ENDPOINT, "a", "b")).containsExactly("EDS[b]");
  }

  @Test
  void aRequestBeforeTheFirstResponseIsTaken() {
    stream.want(ENDPOINT, "a");
    stream.want(ENDPOINT, "a", "b");
    assertThat(stream.put(cluster("a", "1"), cluster("b", "1"), assignment("b", 1)))
        .containsExactly("EDS[a b]");
  }

  @Test
  void everyTypeIsServedByName() {
    stream.put();
    for (ResourceType type : ResourceType.values()) {
      stream.want(type, "*");
      assertThat(stream.last(type).resources()).as(type.shortName()).isEmpty();
      stream.ack(type, "*");
    }
  }

  @Test
  void aClusterWhoseRemovalWasRefusedIsSentAgainWhenTheResponseOnItsWayLacksIt() {
    stream.put(cluster("a", "1"), cluster("b", "1"), cluster("c", "1"));
    stream.want(CLUSTER);
    stream.ack(CLUSTER);
    assertThat(stream.publish(edits -> edits.remove(CLUSTER, "b"))).containsExactly("CDS[a c]");
    stream.nack(CLUSTER, "no");
    assertThat(stream.publish(edits -> edits.remove(CLUSTER, "c"))).containsExactly("CDS[a]");
    assertThat(stream.put(cluster("b", "1"))).as("the answer is awaited").isEmpty();
    assertThat(stream.ack(CLUSTER)).containsExactly("CDS[a b]");
  }
}
