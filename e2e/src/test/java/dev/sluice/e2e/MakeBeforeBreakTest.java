package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import dev.sluice.server.bootstrap.EnvoyBootstrap.Variant;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Versions, their clusters, instances and weights come, change and go under traffic, and no request
 * notices. {@code -Dmake-before-break.requests=1000000} makes it long.
 */
@NeedsEnvoy
class MakeBeforeBreakTest {
  private static final int REQUESTS = Integer.getInteger("make-before-break.requests", 40_000);
  private static final int CHANGES = 100;

  /** What Envoy counts when it has no route, no cluster or no healthy host for a request. */
  private static final String LOST =
      "(http\\..*\\.no_(route|cluster)|cluster\\..*\\.upstream_cx_none_healthy)";

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void noRequestFailsWhileAllOfItChanges(Variant variant) {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    try (TestMesh mesh = new TestMesh("make-before-break-" + variant, folder)) {
      ChangingOrders orders = new ChangingOrders(mesh, random);
      orders.save();
      EnvoyProcess envoy = mesh.start(Role.SIDECAR, variant);
      try (ContinuousTraffic traffic =
          mesh.client(Role.SIDECAR).keepSending(4, Duration.ofMillis(1))) {
        for (int change = 0; change < CHANGES; change++) {
          orders.change();
          traffic.await(REQUESTS / CHANGES);
        }
        TrafficReport report = traffic.stop();
        assertThat(report.count()).isGreaterThanOrEqualTo(REQUESTS);
        assertThat(report.failures()).as("seed " + seed + ": " + report).isEmpty();
      }
      assertThat(envoy.stats(LOST).values()).as("seed " + seed).containsOnly(0L);
    }
  }
}
