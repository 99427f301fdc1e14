package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.node.Role;
import dev.sluice.server.consul.ConsulAccess;
import dev.sluice.server.consul.ConsulAccess.Consistency;
import dev.sluice.server.consul.ConsulAccess.Scope;
import dev.sluice.server.consul.ConsulAccess.Tls;
import dev.sluice.server.consul.ConsulAccess.Token;
import dev.sluice.server.settings.ConsulSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A service in two data centres of Consul, of which the nearer one is called while it can be. */
@NeedsConsul
@NeedsEnvoy
class ConsulDatacentersTest {
  /** Two instances of four can take all calls, and one of four half of them. */
  private static final String FAILOVER =
      """
      loadBalancer: {type: RoundRobin}
      locality: {mode: failover, overprovision: 200, order: [region, any]}
      """;

  private static final String MAINTENANCE = "_node_maintenance";
  private static final List<String> NORTH = List.of("north-1", "north-2", "north-3", "north-4");
  private static final List<String> SOUTH = List.of("south-1", "south-2");

  @TempDir static Path servers;
  private static ConsulServer north;
  private static ConsulServer south;

  /** How the server of Sluice reaches the second data centre. */
  enum Way {
    BY_ITS_OWN_SERVER,
    BY_THE_FIRST_ONES_SERVER
  }

  @BeforeAll
  static void startConsul() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    north = ConsulServer.start(servers.resolve("north"), ConsulOptions.of("north"));
    south =
        ConsulServer.start(
            servers.resolve("south"), ConsulOptions.of("south").federatedWith(north));
    await().until(() -> north.api().inDatacenter("south").tryGet("/v1/catalog/services").ok());
  }

  @AfterAll
  static void stopConsul() {
    Awaitility.reset();
    for (ConsulServer server : new ConsulServer[] {south, north}) {
      if (server != null) {
        server.close();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void callsGoToTheSecondWhileTheFirstHasUnderHalfOfItsInstances(Way way, @TempDir Path folder) {
    try (Machines near = new Machines(north);
        Machines far = new Machines(south);
        TestMesh mesh = new TestMesh("datacenters", folder)) {
      NORTH.forEach(name -> near.run(name, "north"));
      SOUTH.forEach(name -> far.run(name, "south"));
      mesh.watch(ConsulSettings.of("north", URI.create(north.address()), "shop"), second(way));
      mesh.runIn("north", "");
      mesh.savePolicy(FAILOVER);
      EnvoyProcess envoy = mesh.start(Role.GATEWAY);
      Machines.awaitHealthy(envoy, 6);
      TrafficClient client = mesh.client(Role.GATEWAY);
      try (ContinuousTraffic traffic = client.keepSending(4, Duration.ofMillis(1))) {
        assertThat(traffic.await(500).instances().keySet()).isEqualTo(Set.copyOf(NORTH));

        near.set("north-1", ConsulStatus.CRITICAL);
        near.set("north-2", ConsulStatus.CRITICAL);
        Machines.awaitHealthy(envoy, 4);
        assertThat(traffic.await(500).instances()).containsOnlyKeys("north-3", "north-4");

        near.set("north-3", ConsulStatus.CRITICAL);
        Machines.awaitHealthy(envoy, 3);
        assertThat(traffic.await(500).instances())
            .containsOnlyKeys("north-4", "south-1", "south-2");
        Shares.within3Deviations(Map.of("north", 0.5, "south", 0.5), () -> traffic.await(2_000));

        NORTH.forEach(name -> near.set(name, ConsulStatus.PASSING));
        Machines.awaitHealthy(envoy, 6);
        assertThat(traffic.await(500).instances().keySet()).isEqualTo(Set.copyOf(NORTH));
        assertThat(traffic.stop().failures()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aWholeDataCentreIsTakenOutAndIn(Way way, @TempDir Path folder) {
    try (Machines near = new Machines(north);
        Machines far = new Machines(south);
        TestMesh mesh = new TestMesh("whole-datacenter", folder)) {
      NORTH.forEach(name -> near.run(name, "north"));
      SOUTH.forEach(name -> far.run(name, "south"));
      mesh.watch(ConsulSettings.of("north", URI.create(north.address()), "shop"), second(way));
      mesh.runIn("north", "");
      mesh.savePolicy(FAILOVER);
      EnvoyProcess envoy = mesh.start(Role.GATEWAY);
      Machines.awaitHealthy(envoy, 6);
      TrafficClient client = mesh.client(Role.GATEWAY);
      try (ContinuousTraffic traffic = client.keepSending(4, Duration.ofMillis(1))) {
        for (String name : NORTH) {
          north
              .api()
              .catalog()
              .setNodeStatus(near.get(name).node(), MAINTENANCE, ConsulStatus.CRITICAL);
        }
        Machines.awaitHealthy(envoy, 2); // At once: what somebody wants is not doubted.
        assertThat(traffic.await(500).instances().keySet()).isEqualTo(Set.copyOf(SOUTH));

        for (String name : NORTH) {
          north.api().catalog().deregisterCheck(near.get(name).node(), MAINTENANCE);
        }
        Machines.awaitHealthy(envoy, 6);
        assertThat(traffic.await(500).instances().keySet()).isEqualTo(Set.copyOf(NORTH));
        assertThat(traffic.stop().failures()).isEmpty();
      }
    }
  }

  private static ConsulSettings second(Way way) {
    URI address =
        URI.create(
            switch (way) {
              case BY_ITS_OWN_SERVER -> south.address();
              case BY_THE_FIRST_ONES_SERVER -> north.address();
            });
    return ConsulSettings.of("south", address, "shop")
        .reachedBy(
            new ConsulAccess(
                address,
                new Token.None(),
                Tls.USUAL,
                way == Way.BY_ITS_OWN_SERVER ? Optional.empty() : Optional.of("south"),
                Scope.ALL,
                Consistency.DEFAULT));
  }
}
