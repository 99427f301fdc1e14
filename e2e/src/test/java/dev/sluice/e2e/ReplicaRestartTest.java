package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.node.Role;
import dev.sluice.server.bootstrap.EnvoyBootstrap.Variant;
import dev.sluice.server.status.ProxyStatus;
import dev.sluice.server.transport.TransportSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Versions, their clusters, instances and weights come, change and go under traffic while the
 * server ends and starts again all the time, and no request notices. {@code
 * -Dreplica-restart.requests=1000000 -Dreplica-restart.seconds=10} makes it long.
 */
@NeedsEnvoy
class ReplicaRestartTest {
  private static final int REQUESTS = Integer.getInteger("replica-restart.requests", 40_000);
  private static final int CHANGES = 100;
  private static final Duration PERIOD =
      Duration.ofSeconds(Integer.getInteger("replica-restart.seconds", 4));

  /** What Envoy counts when it has no route, no cluster or no healthy host for a request. */
  private static final String LOST =
      "(http\\..*\\.no_(route|cluster)|cluster\\..*\\.upstream_cx_none_healthy)";

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void noRequestFailsWhileTheServerComesAndGoes(Variant variant) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (TestMesh mesh = new TestMesh("replica-restart-" + variant, folder)) {
      mesh.secure(TransportSettings.DEFAULT.withDrain(Duration.ofSeconds(1)));
      ChangingOrders orders = new ChangingOrders(mesh, random);
      orders.save();
      EnvoyProcess envoy = mesh.start(Role.SIDECAR, variant);
      try (ContinuousTraffic traffic =
          mesh.client(Role.SIDECAR).keepSending(8, Duration.ofMillis(1))) {
        int restarts;
        try (ReplicaRestarts replica = new ReplicaRestarts(mesh, PERIOD)) {
          for (int change = 0; change < CHANGES || replica.count() < 3; change++) {
            switch (variant) {
              case DELTA -> orders.change();
              case STATE_OF_THE_WORLD -> {
                int number = change;
                replica.between(() -> changeAndAwait(mesh, envoy, orders, number));
              }
            }
            traffic.await(REQUESTS / CHANGES);
          }
          restarts = replica.count();
        }
        TrafficReport report = traffic.stop();
        String what = "seed " + seed + ", " + restarts + " restarts: " + report;
        assertThat(report.failures()).as(envoy.stats(LOST) + "; " + what).isEmpty();
        assertThat(report.count()).isGreaterThanOrEqualTo(REQUESTS);
      }
      assertThat(envoy.stats(LOST).values()).as("seed " + seed).containsOnly(0L);
      awaitSynced(mesh);
    }
  }

  /**
   * A state-of-the-world proxy does not say which clusters it has, so a server that never knew one
   * of them takes it away with its first response, and that waits for the routes only where nothing
   * is new to the proxy. Here things come and go: nothing changes while there is no server.
   */
  private static void changeAndAwait(
      TestMesh mesh, EnvoyProcess envoy, ChangingOrders orders, int number) {
    awaitSynced(mesh);
    orders.change();
    // What is written last arrives last.
    String last = "last-" + number;
    mesh.save("last.yaml", Documents.orders().replace("orders", last));
    await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> envoy.stats("cluster\\." + last + ".*membership_total").size() == 1);
    awaitSynced(mesh);
  }

  private static void awaitSynced(TestMesh mesh) {
    await()
        .atMost(Duration.ofSeconds(40))
        .until(
            () -> {
              List<ProxyStatus> proxies = mesh.server().views().proxies().get();
              return !proxies.isEmpty() && proxies.stream().allMatch(ProxyStatus::synced);
            });
  }

  @ParameterizedTest
  @EnumSource
  void whatWasTakenAwayWhileTheServerWasAwayGoesAfterItsRoutes(Variant variant) {
    String three =
        Documents.versions("v1", "v2", "v3") + "split: {weights: {v1: 1, v2: 1, v3: 98}}\n";
    try (TestMesh mesh = new TestMesh("taken-away-" + variant, folder)) {
      TestBackend one = mesh.backend("v1", "a");
      TestBackend two = mesh.backend("v2", "b");
      TestBackend gone = mesh.backend("v3", "c");
      mesh.saveOrders(one, two, gone);
      mesh.savePolicy(three);
      EnvoyProcess envoy = mesh.start(Role.SIDECAR, variant);
      try (ContinuousTraffic traffic =
          mesh.client(Role.SIDECAR).keepSending(4, Duration.ofMillis(1))) {
        for (int i = 0; i < 3; i++) {
          traffic.await(100);
          mesh.stopServer();
          mesh.saveOrders(one, two);
          mesh.savePolicy(Documents.split(50, 50));
          mesh.startServer();
          mesh.awaitAnswers(Role.SIDECAR, it -> it.versions().keySet().equals(Set.of("v1", "v2")));
          await()
              .atMost(Duration.ofSeconds(40))
              .until(() -> !envoy.admin("/clusters").contains("127.0.0.1:" + gone.port()));

          mesh.stopServer();
          mesh.saveOrders(one, two, gone);
          mesh.savePolicy(three);
          mesh.startServer();
          mesh.awaitAnswers(Role.SIDECAR, it -> it.versions().containsKey("v3"));
        }
        TrafficReport report = traffic.stop();
        assertThat(report.failures()).as("%s; %s", envoy.stats(LOST), report).isEmpty();
      }
      assertThat(envoy.stats(LOST).values()).containsOnly(0L);
    }
  }
}
