package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.xds.Fixtures.cluster;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.server.snapshot.Resource;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is in quarantine while nobody of the group is connected. */
class QuarantineLeftTest extends WireTest {
  @ParameterizedTest
  @EnumSource
  void aNewcomerAfterTheLastStreamEndedIsGivenTheLastGood(Wire wire) throws Exception {
    everybodyLeavesARefusedCluster(wire);

    WireProxy newcomer = proxy(wire, "newcomer");
    newcomer.ask(CLUSTER, "*");
    assertThat(newcomer.accept(CLUSTER).resources())
        .containsExactly(cluster("orders", "good"), cluster("users", "2"));
    assertThat(server.quarantined()).extracting(Quarantined::name).containsExactly("orders");
  }

  @ParameterizedTest
  @EnumSource
  void whatIsEditedWhileNobodyIsConnectedIsServed(Wire wire) throws Exception {
    everybodyLeavesARefusedCluster(wire);
    publish(cluster("orders", "mended"), cluster("users", "3"));

    WireProxy newcomer = proxy(wire, "newcomer");
    newcomer.ask(CLUSTER, "*");
    comesTo(newcomer, cluster("orders", "mended"), cluster("users", "3"));
    assertThat(server.quarantined()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void anotherEditWhileNobodyIsConnectedLeavesTheQuarantine(Wire wire) throws Exception {
    everybodyLeavesARefusedCluster(wire);
    publish(cluster("users", "3"));

    WireProxy newcomer = proxy(wire, "newcomer");
    newcomer.ask(CLUSTER, "*");
    comesTo(newcomer, cluster("orders", "good"), cluster("users", "3"));
    assertThat(server.quarantined()).extracting(Quarantined::name).containsExactly("orders");
  }

  /**
   * What is published is taken in by another thread, so that a newcomer may be given what was
   * served before; the refused one never.
   */
  private static void comesTo(WireProxy newcomer, Resource... expected) throws Exception {
    SortedMap<String, Resource> held = new TreeMap<>();
    while (!List.copyOf(held.values()).equals(List.of(expected))) {
      List<Resource> resources = newcomer.accept(CLUSTER).resources();
      assertThat(resources).doesNotContain(cluster("orders", "bad"));
      resources.forEach(resource -> held.put(resource.name(), resource));
    }
  }

  private void everybodyLeavesARefusedCluster(Wire wire) throws Exception {
    publish(cluster("orders", "good"), cluster("users", "1"));
    WireProxy critic = proxy(wire, "critic");
    critic.ask(CLUSTER, "*");
    critic.accept(CLUSTER);
    publish(cluster("orders", "bad"), cluster("users", "2"));
    critic.nack(critic.receive(CLUSTER), "cluster orders: no");
    await().until(() -> server.quarantined().size() == 1);
    critic.disconnect();
    await().until(() -> server.proxies().isEmpty());
  }
}
