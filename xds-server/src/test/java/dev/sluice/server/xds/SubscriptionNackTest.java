package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.snapshot.ResourceType.ROUTE;
import static dev.sluice.server.snapshot.ResourceType.SECRET;
import static dev.sluice.server.xds.Fixtures.cluster;
import static dev.sluice.server.xds.Fixtures.route;
import static dev.sluice.server.xds.Fixtures.secret;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is recorded of a response that a client refused, and when it is sent anything again. */
class SubscriptionNackTest {
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
    MachineStream stream = MachineStream.configured(variant);
    if (!stream.wantAlso(ROUTE, "r", "s").isEmpty()) {
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

  /** Envoy stores a secret before it finds that it cannot use it. */
  @ParameterizedTest
  @EnumSource
  void afterARefusedSecretTheLastGoodOneIsSentAgain(Variant variant) {
    MachineStream stream = new MachineStream(variant);
    stream.put(secret("s", "good"));
    stream.want(SECRET, "s");
    stream.ack(SECRET, "s");
    stream.put(secret("s", "bad"));
    stream.nack(SECRET, "s cannot be used", "s");

    assertThat(stream.put(secret("s", "good"))).containsExactly("SDS[s]");
    stream.ack(SECRET, "s");
    TypeSubscription secrets = stream.state.subscriptions().iterator().next();
    assertThat(secrets.heldVersion("s")).isEqualTo(secret("s", "good").version());
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
}
