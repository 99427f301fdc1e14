package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import dev.sluice.server.bootstrap.EnvoyBootstrap.Variant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The control plane goes away and comes back. */
@NeedsEnvoy
class ServerRestartTest {
  private static final String RECEIVED = "cluster\\.sluice\\.upstream_cx_rx_bytes_total";
  private static final String CONNECTIONS = "cluster\\.sluice\\.upstream_cx_active";

  /** Statistics that move with every configuration that Envoy takes in. */
  private static final String UPDATES =
      "(cluster_manager\\.cds|listener_manager\\.lds|http\\..*\\.rds\\..*|cluster\\..*)"
          + "\\.update_success";

  @TempDir Path folder;

  static Stream<Arguments> everyRoleAndVariant() {
    return SplitTest.everyRoleAndVariant();
  }

  @ParameterizedTest
  @MethodSource("everyRoleAndVariant")
  void trafficGoesOnWithoutTheServerAndNothingIsSentAgainWhenItIsBack(Role role, Variant variant) {
    try (TestMesh mesh = new TestMesh("restart-" + variant, folder)) {
      mesh.saveOrders(mesh.backend("v1", "a"), mesh.backend("v2", "b"));
      mesh.savePolicy(Documents.split(50, 50));
      EnvoyProcess envoy = mesh.start(role, variant);
      long firstConfiguration = envoy.stat(RECEIVED);
      SortedMap<String, Long> updates = envoy.stats(UPDATES);
      try (ContinuousTraffic traffic = mesh.client(role).keepSending(2, Duration.ofMillis(1))) {
        traffic.await(100);

        mesh.stopServer();
        envoy.awaitTrue("the loss of its server", () -> envoy.stat(CONNECTIONS) == 0);
        assertThat(traffic.await(200).failures()).isEmpty();

        mesh.startServer();
        envoy.awaitTrue("its server", () -> envoy.stat(CONNECTIONS) == 1);
        awaitQuiet(envoy);
        if (variant == Variant.DELTA) {
          assertThat(envoy.stat(RECEIVED) - firstConfiguration)
              .as("bytes after the restart; the first configuration was %s", firstConfiguration)
              .isLessThan(600); // HTTP/2's own frames and headers: no resource is as small.
          assertThat(envoy.stats(UPDATES)).isEqualTo(updates);
        } else {
          // A state-of-the-world request does not tell a cluster that still waits for its first
          // assignment from one that has it, so assignments alone are answered once more.
          assertThat(notOfClusters(envoy.stats(UPDATES))).isEqualTo(notOfClusters(updates));
        }
        SortedMap<String, Long> before = envoy.stats(UPDATES);

        // The stream is alive: an edit arrives by it, and is all that has been sent. Whatever else
        // the server had to say would have come before it.
        mesh.savePolicy(Documents.split(0, 100));
        mesh.awaitVersion(role, "v2");
        SortedMap<String, Long> after = envoy.stats(UPDATES);
        after.replaceAll((name, value) -> value - before.getOrDefault(name, 0L));
        after.values().removeIf(value -> value == 0);
        assertThat(after)
            .hasSize(1)
            .allSatisfy((name, value) -> assertThat(name).contains(".rds."));
        assertThat(after.values()).containsExactly(1L);
        assertThat(traffic.stop().failures()).isEmpty();
      }
    }
  }

  private static SortedMap<String, Long> notOfClusters(SortedMap<String, Long> updates) {
    TreeMap<String, Long> others = new TreeMap<>(updates);
    others.keySet().removeIf(name -> name.startsWith("cluster."));
    return others;
  }

  /** Waits until nothing has been received for half a second. */
  private static void awaitQuiet(EnvoyProcess envoy) {
    envoy.awaitTrue(
        "quiet",
        () -> {
          long before = envoy.stat(RECEIVED);
          LockSupport.parkNanos(500_000_000);
          return envoy.stat(RECEIVED) == before;
        });
  }
}
