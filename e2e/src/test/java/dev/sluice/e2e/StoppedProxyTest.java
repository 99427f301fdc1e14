package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.node.Role;
import dev.sluice.server.bootstrap.EnvoyBootstrap.Variant;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.status.ProxyStatus;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A proxy that is stopped (SIGSTOP) for a while among fifty others that go on. */
@NeedsEnvoy
class StoppedProxyTest {
  private static final int EDITS = 20;
  private static final int OTHERS = 49;
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
      List<RawProxy> others =
          IntStream.range(0, OTHERS)
              .mapToObj(i -> mesh.rawProxy("other-" + i, variant, mesh.xdsPort()))
              .toList();
      awaitSynced(mesh);
      List<Duration> before = edits(mesh, running, others, 0);
      awaitSynced(mesh);
      SortedMap<String, Long> updates = stopped.stats(UPDATES);
      Pushes pushes = Pushes.of(mesh.server());

      stopped.signal("STOP");
      List<Duration> meanwhile;
      Pushes untilItGoesOn;
      try {
        meanwhile = edits(mesh, running, others, EDITS);
        assertThat(isSynced(mesh, stopped())).as("the stopped one is known to be behind").isFalse();
        untilItGoesOn = Pushes.of(mesh.server());
      } finally {
        stopped.signal("CONT");
      }
      awaitSynced(mesh);

      assertThat(Pushes.of(mesh.server()).since(untilItGoesOn).responses())
          .as("one message per type, with the newest")
          .isEqualTo(Map.of("CDS", 1L, "EDS", 1L, "RDS", 1L));

      // At most what was under way when it stopped, and the newest.
      stopped
          .stats(UPDATES)
          .forEach(
              (name, count) ->
                  assertThat(count - updates.getOrDefault(name, 0L)).as(name).isBetween(1L, 2L));
      // Each edit is one response to each of the others, and nobody had anything twice.
      long toTheOthers = (OTHERS + 1L) * EDITS;
      assertThat(Pushes.of(mesh.server()).since(pushes).responses())
          .containsOnlyKeys("CDS", "EDS", "RDS")
          .allSatisfy((type, count) -> assertThat(count - toTheOthers).as(type).isBetween(1L, 2L));
      assertThat(median(meanwhile))
          .as("with one stopped %s, before %s", meanwhile, before)
          .isLessThan(median(before).multipliedBy(3).plusMillis(100));
    }
  }

  /** Edits one after the other; how long each took to be used by all of those. */
  private static List<Duration> edits(
      TestMesh mesh, EnvoyProcess envoy, List<RawProxy> others, int first) {
    List<Duration> took = new ArrayList<>();
    for (int edit = first + 1; edit <= first + EDITS; edit++) {
      int number = edit;
      long saved = mesh.savePolicy(sections(number));
      await()
          .pollDelay(Duration.ZERO)
          .pollInterval(Duration.ofMillis(5))
          .until(
              () ->
                  others.stream().allMatch(proxy -> isAt(proxy, number))
                      && envoy.admin("/config_dump").contains(connections(number)));
      took.add(Duration.ofNanos(System.nanoTime() - saved));
      await().until(() -> isSynced(mesh, stopped().negate()));
    }
    return took;
  }

  private static boolean isAt(RawProxy proxy, int edit) {
    return proxy.holds(ResourceType.CLUSTER).values().stream()
        .map(any -> References.unpack(any, Cluster.class))
        .anyMatch(
            cluster ->
                cluster.getCircuitBreakers().getThresholdsList().stream()
                    .anyMatch(limits -> limits.getMaxConnections().getValue() == 5000 + edit));
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
    await().atMost(Duration.ofSeconds(30)).until(() -> isSynced(mesh, proxy -> true));
  }

  private static Predicate<ProxyStatus> stopped() {
    return proxy -> proxy.id().endsWith("gateway");
  }

  private static boolean isSynced(TestMesh mesh, Predicate<ProxyStatus> which) {
    List<ProxyStatus> all = mesh.server().views().proxies().get();
    return all.size() == OTHERS + 2 && all.stream().filter(which).allMatch(ProxyStatus::synced);
  }

  private static Duration median(List<Duration> times) {
    return times.stream().sorted().toList().get(times.size() / 2);
  }
}
