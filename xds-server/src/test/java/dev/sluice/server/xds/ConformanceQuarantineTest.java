package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.xds.Fixtures.cluster;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.server.snapshot.Provenance;
import dev.sluice.server.snapshot.Resource;
import java.util.List;
import java.util.Map;

@Section(value = "Quarantine", place = 7)
class ConformanceQuarantineTest extends WireTest {
  @Behaviour("A refused new version is not given to newcomers: they get the last good one.")
  void newcomersGetTheLastGoodVersion(Wire wire) throws Exception {
    refused(wire);
    WireProxy newcomer = proxy(wire, "newcomer");
    newcomer.ask(CLUSTER);
    assertThat(newcomer.accept(CLUSTER).resources())
        .containsExactly(cluster("orders", "1"), cluster("users", "1"));
    assertQuiet(newcomer);
  }

  @Behaviour("A refused new version is not given to proxies that have not got it yet.")
  void whoHasNotGotItDoesNotGetIt(Wire wire) throws Exception {
    publish(cluster("orders", "1"), cluster("users", "1"));
    WireProxy critic = proxy(wire, "critic");
    critic.ask(CLUSTER);
    critic.accept(CLUSTER);
    WireProxy slow = proxy(wire, "slow");
    slow.ask(CLUSTER);
    Received unanswered = slow.receive(CLUSTER);
    publish(cluster("orders", "bad"));
    critic.nack(critic.receive(CLUSTER), "cluster orders: no");
    publish(cluster("users", "2"));
    critic.accept(CLUSTER);
    slow.ack(unanswered);
    assertThat(slow.accept(CLUSTER).resources())
        .contains(cluster("users", "2"))
        .doesNotContain(cluster("orders", "bad"));
    assertQuiet(slow);
  }

  @Behaviour("A proxy that accepted what another refuses keeps it.")
  void whoAcceptedItKeepsIt(Wire wire) throws Exception {
    publish(cluster("orders", "1"), cluster("users", "1"));
    WireProxy tolerant = proxy(wire, "tolerant");
    tolerant.ask(CLUSTER);
    tolerant.accept(CLUSTER);
    WireProxy critic = proxy(wire, "critic");
    critic.ask(CLUSTER);
    critic.accept(CLUSTER);
    publish(cluster("orders", "bad"));
    tolerant.accept(CLUSTER);
    heard();
    critic.nack(critic.receive(CLUSTER), "cluster orders: no");
    awaitPublished();
    assertQuiet(tolerant);
    publish(cluster("users", "2"));
    assertThat(tolerant.accept(CLUSTER).resources())
        .contains(cluster("users", "2"))
        .doesNotContain(cluster("orders", "1"));
  }

  @Behaviour("The proxy that refused is sent the other changes, and not the refused one again.")
  void theProxyThatRefusedGoesOn(Wire wire) throws Exception {
    WireProxy critic = refused(wire);
    awaitPublished();
    assertQuiet(critic);
    publish(cluster("users", "2"));
    assertThat(critic.accept(CLUSTER).resources())
        .isEqualTo(
            wire.delta()
                ? List.of(cluster("users", "2"))
                : List.of(cluster("orders", "1"), cluster("users", "2")));
    heard();
    assertThat(status("critic", CLUSTER).sync()).isEqualTo(NodeStatus.Sync.SYNCED);
    assertQuiet(critic);
  }

  @Behaviour("What is in quarantine is told with the proxy, its message and the documents.")
  void whatIsInQuarantineIsTold(Wire wire) throws Exception {
    refused(wire);
    assertThat(server.quarantined()).hasSize(1);
    Quarantined quarantined = server.quarantined().getFirst();
    assertThat(quarantined.type()).isEqualTo(CLUSTER);
    assertThat(quarantined.name()).isEqualTo("orders");
    assertThat(quarantined.proxy()).isEqualTo("critic");
    assertThat(quarantined.message()).isEqualTo("cluster orders: no");
    assertThat(quarantined.documents()).containsExactly("TrafficPolicy shop/orders");
  }

  @Behaviour("Another content ends the quarantine, for all.")
  void anotherContentEndsTheQuarantine(Wire wire) throws Exception {
    WireProxy critic = refused(wire);
    WireProxy newcomer = proxy(wire, "newcomer");
    newcomer.ask(CLUSTER);
    newcomer.accept(CLUSTER);
    publish(cluster("orders", "mended"));
    for (WireProxy proxy : List.of(critic, newcomer)) {
      assertThat(proxy.accept(CLUSTER).resources()).contains(cluster("orders", "mended"));
      assertQuiet(proxy);
    }
    assertThat(server.quarantined()).isEmpty();
    assertThat(status("critic", CLUSTER).sync()).isEqualTo(NodeStatus.Sync.SYNCED);
  }

  /** A proxy that has refused the second version of orders. */
  private WireProxy refused(Wire wire) throws Exception {
    publish(cluster("orders", "1"), cluster("users", "1"));
    WireProxy critic = proxy(wire, "critic");
    critic.ask(CLUSTER);
    critic.accept(CLUSTER);
    publish(fromPolicy(cluster("orders", "bad")));
    Received bad = critic.receive(CLUSTER);
    assertThat(bad.resources()).contains(cluster("orders", "bad"));
    critic.nack(bad, "cluster orders: no");
    heard();
    awaitPublished(); // What is served without it is an edition of its own.
    return critic;
  }

  private static Resource fromPolicy(Resource resource) {
    return resource.withProvenance(
        new Provenance(List.of("TrafficPolicy shop/orders"), List.of(), Map.of()));
  }
}
