package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.node.Role;
import dev.sluice.server.bootstrap.EnvoyBootstrap.Variant;
import dev.sluice.server.status.ProxyStatus;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A proxy that is stopped (SIGSTOP) for a while among others that go on. */
@NeedsEnvoy
class StoppedProxyTest {
  private static final int EDITS = 20;
  private static final String UPDATES =
      "(cluster_manager\\.cds|http\\..*\\.rds\\..*)\\.update_(success|attempt)";

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void theOthersDoNotNoticeAndItIsSentTheNewestAlone(Variant variant) {
    try (TestMesh mesh = new TestMesh("stopped-" + variant, folder)) {
      mesh.saveOrders(mesh.backend("v1", "a"), mesh.backend("v2", "b"));
      mesh.savePolicy(sections(0));
      EnvoyProcess stopped = mesh.start(Role.GATEWAY, variant);
      EnvoyProcess running = mesh.start(Role.SIDECAR, variant);
      awaitSynced(mesh);
      List<Duration> before = edits(mesh, running, 0);
      await().until(() -> synced(mesh, "gateway"));
      SortedMap<String, Long> updates = stopped.stats(UPDATES);

      stopped.signal("STOP");
      List<Duration> meanwhile;
      try {
        meanwhile = edits(mesh, running, EDITS);
        assertThat(synced(mesh, "gateway")).as("the stopped one is known to be behind").isFalse();
      } finally {
        stopped.signal("CONT");
      }
      awaitSynced(mesh);

      // At most what was under way when it stopped, and the newest.
      stopped
          .stats(UPDATES)
          .forEach(
              (name, count) ->
                  assertThat(count - updates.getOrDefault(name, 0L)).as(name).isBetween(1L, 2L));
      assertThat(median(meanwhile))
          .as("with one stopped %s, before %s", meanwhile, before)
          .isLessThan(median(before).multipliedBy(3).plusMillis(100));
    }
  }

  /** Edits one after the other; how long each took to be used by {@code envoy}. */
  private static List<Duration> edits(TestMesh mesh, EnvoyProcess envoy, int first) {
    List<Duration> took = new ArrayList<>();
    for (int edit = first + 1; edit <= first + EDITS; edit++) {
      int number = edit;
      long saved = mesh.savePolicy(sections(number));
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(5))
          .until(() -> envoy.admin("/config_dump").contains(connections(number)));
      took.add(Duration.ofNanos(System.nanoTime() - saved));
    }
    return took;
  }

  /** Both a Cluster and a RouteConfiguration differ with every edit. */
  private static String sections(int edit) {
    return Documents.split(1 + edit, 100)
        + "connectionPool: {maxConnections: "
        + (5000 + edit)
        + "}\n";
  }

  private static String connections(int edit) {
    return "\"max_connections\": " + (5000 + edit);
  }

  private static void awaitSynced(TestMesh mesh) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> synced(mesh, "gateway") && synced(mesh, "sidecar"));
  }

  private static boolean synced(TestMesh mesh, String role) {
    return mesh.server().views().proxies().get().stream()
        .filter(proxy -> proxy.id().endsWith(role))
        .allMatch(ProxyStatus::synced);
  }

  private static Duration median(List<Duration> times) {
    return times.stream().sorted().toList().get(times.size() / 2);
  }
}
