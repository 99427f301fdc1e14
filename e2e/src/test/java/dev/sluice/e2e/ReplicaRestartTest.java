package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.node.Role;
import dev.sluice.server.bootstrap.EnvoyBootstrap.Variant;
import dev.sluice.server.status.ProxyStatus;
import dev.sluice.server.transport.TransportSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
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
            orders.change();
            traffic.await(REQUESTS / CHANGES);
          }
          restarts = replica.count();
        }
        TrafficReport report = traffic.stop();
        String what = "seed " + seed + ", " + restarts + " restarts: " + report;
        assertThat(report.failures()).as(what).isEmpty();
        assertThat(report.count()).isGreaterThanOrEqualTo(REQUESTS);
      }
      assertThat(envoy.stats(LOST).values()).as("seed " + seed).containsOnly(0L);
      await()
          .atMost(Duration.ofSeconds(40))
          .until(
              () ->
                  !mesh.server().views().proxies().get().isEmpty()
                      && mesh.server().views().proxies().get().stream()
                          .allMatch(ProxyStatus::synced));
    }
  }
}
