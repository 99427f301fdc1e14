package dev.sluice.e2e;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.snapshot.ResourceType.ROUTE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.node.Role;
import dev.sluice.server.admin.ControlPlane;
import dev.sluice.server.bootstrap.EnvoyBootstrap.Variant;
import dev.sluice.server.snapshot.ResourceType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Two servers with the same input say the same, so a proxy may move between them. */
@NeedsEnvoy
class TwoReplicasTest {
  /** Statistics that move with every configuration that Envoy takes in. */
  private static final String UPDATES =
      "(cluster_manager\\.cds|listener_manager\\.lds|http\\..*\\.rds\\..*|cluster\\..*)"
          + "\\.update_success";

  @TempDir Path folder;

  @ParameterizedTest
  @MethodSource("dev.sluice.e2e.SplitTest#everyRoleAndVariant")
  void anEnvoyThatMovesIsSentNothing(Role role, Variant variant) {
    try (TestMesh mesh = new TestMesh("two-replicas-" + variant, folder)) {
      mesh.saveOrders(mesh.backend("v1", "a"), mesh.backend("v2", "b"));
      mesh.savePolicy(Documents.split(50, 50));
      ControlPlane one = mesh.startReplica();
      ControlPlane two = mesh.startReplica();
      try (Forwarder address = new Forwarder(one.xdsAddress().getPort())) {
        mesh.connectAt(address.port());
        EnvoyProcess envoy = mesh.start(role, variant);
        awaitSynced(one, mesh.id(role));
        Map<String, Long> first = Pushes.of(one).responses();
        assertThat(first.keySet()).containsExactlyInAnyOrder("CDS", "EDS", "LDS", "RDS");
        Map<String, Long> updates = envoy.stats(UPDATES);
        try (ContinuousTraffic traffic = mesh.client(role).keepSending(2, Duration.ofMillis(1))) {
          traffic.await(100);
          address.to(two.xdsAddress().getPort());
          address.drop();
          awaitSynced(two, mesh.id(role));
          await().until(() -> one.views().proxies().get().isEmpty());

          // The edit comes by the new stream, after whatever else there was to say.
          mesh.savePolicy(Documents.split(0, 100));
          mesh.awaitVersion(role, "v2");
          awaitSynced(two, mesh.id(role));
          Map<String, Long> sent = Pushes.of(two).responses();
          Map<String, Long> taken = new TreeMap<>(envoy.stats(UPDATES));
          updates.forEach((name, before) -> taken.merge(name, -before, Long::sum));
          taken.values().removeIf(count -> count == 0);
          if (variant == Variant.STATE_OF_THE_WORLD) {
            // A state-of-the-world request does not tell a cluster that still waits for its first
            // assignment from one that has it, so assignments alone are answered once more.
            assertThat(sent.remove("EDS")).isEqualTo(1);
            taken.keySet().removeIf(name -> name.startsWith("cluster."));
          }
          assertThat(sent).as("only the edit").isEqualTo(Map.of("RDS", 1L));
          assertThat(taken).hasSize(1).containsValue(1L);
          assertThat(traffic.stop().failures()).isEmpty();
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void bothSayTheSameByteForByte(Variant variant) {
    DocumentFolder same = new DocumentFolder(folder.resolve("two"));
    try (TestMesh mesh = new TestMesh("byte-equal-" + variant, folder)) {
      TestBackend[] backends = {mesh.backend("v1", "a"), mesh.backend("v2", "b")};
      ControlPlane one = mesh.startReplica();
      ControlPlane two = mesh.startReplica(same);
      RawProxy ofOne = mesh.rawProxy("of-one", variant, one.xdsAddress().getPort());
      RawProxy ofTwo = mesh.rawProxy("of-two", variant, two.xdsAddress().getPort());

      // One sees it come step by step, and what has gone since; the other in another order.
      mesh.saveOrders(backends[0]);
      mesh.save("passing.yaml", Documents.orders(backends[1]).replace("orders", "passing"));
      await().until(() -> ofOne.holds(CLUSTER).size() >= 2);
      mesh.delete("passing.yaml");
      mesh.savePolicy(Documents.split(50, 50));
      mesh.saveOrders(backends);
      same.save("a.yaml", Documents.policy(Documents.split(50, 50)));
      same.save("b.yaml", Documents.gateway(mesh.port(Role.GATEWAY)));
      same.save("c.yaml", Documents.orders(backends));
      awaitSame(ofOne, ofTwo);
      assertThat(ofOne.responses(CLUSTER)).hasSizeGreaterThan(ofTwo.responses(CLUSTER).size());

      RawProxy newOfOne = mesh.rawProxy("new", variant, one.xdsAddress().getPort());
      RawProxy newOfTwo = mesh.rawProxy("new", variant, two.xdsAddress().getPort());
      awaitSame(newOfOne, ofTwo);
      awaitSame(newOfTwo, ofOne);
      mesh.savePolicy(Documents.split(10, 90));
      same.save("a.yaml", Documents.policy(Documents.split(10, 90)));
      await()
          .untilAsserted(
              () -> {
                assertThat(newOfOne.responses(ROUTE)).hasSize(2);
                assertThat(newOfTwo.responses(ROUTE)).hasSize(2);
              });
      for (ResourceType type : RawProxy.TYPES) {
        assertThat(newOfOne.responses(type))
            .as("%s", type)
            .isNotEmpty()
            .isEqualTo(newOfTwo.responses(type));
      }
    }
  }

  /** Waits until both hold all of the final documents, and so the same. */
  private static void awaitSame(RawProxy one, RawProxy other) {
    await()
        .untilAsserted(
            () -> {
              assertThat(one.holds(CLUSTER).keySet().toString()).contains("v1", "v2");
              for (ResourceType type : RawProxy.TYPES) {
                assertThat(one.holds(type))
                    .as("%s", type)
                    .isNotEmpty()
                    .isEqualTo(other.holds(type));
              }
            });
  }

  private static void awaitSynced(ControlPlane server, String id) {
    await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () ->
                server.views().proxies().get().stream()
                    .anyMatch(
                        proxy ->
                            proxy.id().equals(id) && proxy.types().size() == 4 && proxy.synced()));
  }
}
