package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.snapshot.ResourceType.ENDPOINT;
import static dev.sluice.server.snapshot.ResourceType.ROUTE;
import static dev.sluice.server.xds.Fixtures.assignment;
import static dev.sluice.server.xds.Fixtures.cluster;
import static dev.sluice.server.xds.Fixtures.listener;
import static dev.sluice.server.xds.Fixtures.route;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.snapshot.ResourceVersions;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

@Section(value = "ACK and NACK", place = 6)
class ConformanceAckTest extends WireTest {
  @Behaviour("A nonce is used once in a stream and type.")
  void aNonceIsUsedOnce(Wire wire) throws Exception {
    publish(route("r", "0"));
    WireProxy proxy = proxy(wire);
    proxy.ask(ROUTE, "r");
    Set<String> nonces = new HashSet<>();
    nonces.add(proxy.accept(ROUTE).nonce());
    for (int i = 1; i < 20; i++) {
      publish(route("r", "" + i));
      nonces.add(proxy.accept(ROUTE).nonce());
      proxy.giveUp(ROUTE, "r");
      proxy.ask(ROUTE, "r");
      nonces.add(proxy.accept(ROUTE).nonce());
    }
    assertThat(nonces).hasSize(39).doesNotContain("");
  }

  @Behaviour("A nonce counts for its own type alone.")
  void aNonceCountsForItsOwnTypeAlone(Wire wire) throws Exception {
    publish(assignment("a", 1), route("r", "1"));
    WireProxy proxy = proxy(wire);
    proxy.ask(ENDPOINT, "a");
    Received assignments = proxy.receive(ENDPOINT);
    proxy.ask(ROUTE, "r");
    Received routes = proxy.receive(ROUTE);
    assertThat(routes.nonce()).as("the two may be equal").isNotEmpty();
    proxy.ack(assignments);
    heard();
    assertThat(status("one", ENDPOINT).sync()).isEqualTo(NodeStatus.Sync.SYNCED);
    assertThat(status("one", ROUTE).sync()).isEqualTo(NodeStatus.Sync.WAITING);
    publish(route("r", "2"));
    awaitPublished();
    assertQuiet(proxy);
    proxy.ack(routes);
    assertThat(proxy.accept(ROUTE).resources()).containsExactly(route("r", "2"));
  }

  @Behaviour("A stale nonce is ignored: it accepts nothing and refuses nothing.")
  void aStaleNonceIsIgnored(Wire wire) throws Exception {
    publish(route("r", "1"));
    WireProxy proxy = proxy(wire);
    proxy.ask(ROUTE, "r");
    Received old = proxy.accept(ROUTE);
    publish(route("r", "2"));
    Received newest = proxy.receive(ROUTE);
    publish(route("r", "3"));
    awaitPublished();
    proxy.answer(ROUTE, old.nonce(), Optional.empty());
    proxy.answer(ROUTE, old.nonce(), Optional.of("late"));
    assertQuiet(proxy);
    assertThat(status("one", ROUTE).lastNack()).isEmpty();
    assertThat(status("one", ROUTE).ackedVersion()).isEqualTo(old.version());
    proxy.ack(newest);
    assertThat(proxy.accept(ROUTE).resources()).containsExactly(route("r", "3"));
    assertQuiet(proxy);
  }

  @Behaviour("An unknown nonce ends no stream; on a new one it is a first request.")
  void anUnknownNonceEndsNoStream(Wire wire) throws Exception {
    publish(cluster("a", "1"));
    WireProxy proxy = proxy(wire);
    proxy.answer(CLUSTER, "77", Optional.empty());
    assertThat(proxy.accept(CLUSTER).names()).containsExactly("a");
    proxy.answer(CLUSTER, "no such nonce", Optional.empty());
    proxy.answer(CLUSTER, "no such nonce", Optional.of("refused"));
    assertQuiet(proxy);
    assertThat(status("one", CLUSTER).sync()).isEqualTo(NodeStatus.Sync.SYNCED);
    publish(cluster("a", "2"));
    assertThat(proxy.accept(CLUSTER).resources()).containsExactly(cluster("a", "2"));
  }

  @Behaviour("A NACK is recorded: node, type, resources, version, message.")
  void aNackIsRecorded(Wire wire) throws Exception {
    publish(cluster("apple", "1"), cluster("pear", "1"));
    WireProxy proxy = proxy(wire, "the-node");
    proxy.ask(CLUSTER);
    Received refused = proxy.receive(CLUSTER);
    proxy.nack(refused, "cluster pear: no");
    heard();
    NodeStatus.Nack nack = status("the-node", CLUSTER).lastNack().orElseThrow();
    assertThat(nack.message()).isEqualTo("cluster pear: no");
    assertThat(nack.names()).containsExactly("pear");
    assertThat(nack.version()).isEqualTo(refused.version());
    assertThat(status("the-node", CLUSTER).sync()).isEqualTo(NodeStatus.Sync.REFUSED);
    assertThat(status("the-node", CLUSTER).ackedVersion()).isEmpty();
  }

  @Behaviour("A NACK is not answered until the content changes.")
  void aNackIsNotAnswered(Wire wire) throws Exception {
    publish(cluster("a", "bad"), listener("l", "1"));
    WireProxy proxy = proxy(wire);
    proxy.ask(CLUSTER);
    proxy.nack(proxy.receive(CLUSTER), "cluster a: no");
    assertQuiet(proxy);
    publish(listener("l", "2"));
    awaitPublished();
    assertQuiet(proxy);
    publish(cluster("a", "good"));
    assertThat(proxy.accept(CLUSTER).resources()).containsExactly(cluster("a", "good"));
    assertQuiet(proxy);
    assertThat(status("one", CLUSTER).sync()).isEqualTo(NodeStatus.Sync.SYNCED);
  }

  @Behaviour("A NACK does not stop the other resources of the type.")
  void aNackDoesNotStopTheOthers(Wire wire) throws Exception {
    publish(route("bad", "bad"));
    WireProxy proxy = proxy(wire);
    proxy.ask(ROUTE, "bad", "other");
    Received refused = proxy.receive(ROUTE);
    proxy.nack(refused, "bad: no");
    assertQuiet(proxy);
    publish(route("other", "1"));
    assertThat(proxy.accept(ROUTE).resources()).containsExactly(route("other", "1"));
    publish(route("other", "2"));
    assertThat(proxy.accept(ROUTE).resources()).containsExactly(route("other", "2"));
    assertQuiet(proxy);
  }

  @Behaviour(
      "What a proxy holds after a NACK is known for each resource, also after later changes.")
  void whatAProxyHoldsAfterANackIsKnown(Wire wire) throws Exception {
    publish(route("bad", "bad"), route("along", "1"));
    WireProxy proxy = proxy(wire);
    proxy.ask(ROUTE, "bad", "along");
    proxy.nack(proxy.receive(ROUTE), "bad: no");
    publish(route("other", "1"));
    awaitPublished();
    proxy.ask(ROUTE, "other");
    assertThat(proxy.accept(ROUTE).names()).containsExactly("other");
    assertQuiet(proxy);
    NodeStatus.TypeStatus status = status("one", ROUTE);
    assertThat(status.sync()).isEqualTo(NodeStatus.Sync.REFUSED);
    assertThat(status.resources().get("bad"))
        .isEqualTo(new ResourceVersions(route("bad", "bad").version(), ""));
    assertThat(status.resources().get("along"))
        .as("it came with what was refused, and so was refused too")
        .isEqualTo(new ResourceVersions(route("along", "1").version(), ""));
    String other = route("other", "1").version();
    assertThat(status.resources().get("other")).isEqualTo(new ResourceVersions(other, other));
  }

  @Behaviour("When what came along with something refused changes, it is sent without that.")
  void whatCameAlongIsSentWithoutWhatIsWrong(Wire wire) throws Exception {
    publish(route("bad", "bad"), route("along", "1"));
    WireProxy proxy = proxy(wire);
    proxy.ask(ROUTE, "bad", "along");
    proxy.nack(proxy.receive(ROUTE), "bad: no");
    assertQuiet(proxy);
    publish(route("along", "2"));
    assertThat(proxy.accept(ROUTE).resources()).containsExactly(route("along", "2"));
    assertQuiet(proxy);
    assertThat(status("one", ROUTE).sync()).isEqualTo(NodeStatus.Sync.REFUSED);
    publish(route("bad", "good"));
    assertThat(proxy.accept(ROUTE).resources()).containsExactly(route("bad", "good"));
    assertQuiet(proxy);
    assertThat(status("one", ROUTE).sync()).isEqualTo(NodeStatus.Sync.SYNCED);
  }

  @Behaviour("When what was refused is mended, what was refused along with it is sent again.")
  void whatWasRefusedAlongIsSentAgain(Wire wire) throws Exception {
    publish(route("bad", "bad"), route("along", "1"));
    WireProxy proxy = proxy(wire);
    proxy.ask(ROUTE, "bad", "along");
    proxy.nack(proxy.receive(ROUTE), "bad: no");
    assertQuiet(proxy);
    publish(route("bad", "good"));
    assertThat(proxy.accept(ROUTE).resources())
        .containsExactly(route("along", "1"), route("bad", "good"));
    heard();
    assertThat(status("one", ROUTE).sync()).isEqualTo(NodeStatus.Sync.SYNCED);
  }
}
