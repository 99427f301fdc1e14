package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import dev.sluice.server.snapshot.Revision;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rollouts over two Envoys under traffic. */
@NeedsEnvoy
class RolloutTest {
  private static final String VERSIONS =
      """
      versions:
        - {name: v1, labels: {version: v1}}
        - {name: v2, labels: {version: v2}}
      """;
  private static final String CANARY =
      VERSIONS
          + """
          rollout:
            canary:
              from: v1
              to: v2
              steps: [{weight: 10, hold: 2s}, {weight: 50, hold: 2s}]
          """;

  private static final String ROLLOUT = "rollout TrafficPolicy shop/orders";

  @TempDir private Path folder;

  @Test
  void aCanaryGoesThroughItsStepsWithoutAFailure() {
    try (TestMesh mesh = new TestMesh("canary", folder)) {
      mesh.saveOrders(mesh.backend("v1", "a"), mesh.backend("v2", "b"));
      mesh.savePolicy(VERSIONS + "split: {weights: {v1: 1, v2: 0}}\n");
      mesh.start(Role.SIDECAR);
      mesh.start(Role.GATEWAY);
      try (ContinuousTraffic traffic = mesh.client(Role.SIDECAR).keepSending()) {
        traffic.await(50);
        mesh.savePolicy(CANARY);

        awaitOnly(traffic, "v2");
        Awaitility.await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> mesh.rollout().path("phase").asText().equals("COMPLETE"));
        long all = revisions(mesh).filter(cause -> cause.equals(ROLLOUT)).count();
        assertThat(all).as("10, 50 and 100 percent").isEqualTo(3);
        TrafficReport after = traffic.awaitSentAfter(System.nanoTime(), 200).first(200);
        assertThat(after.versions()).containsOnlyKeys("v2");
        assertThat(traffic.stop().failures()).isEmpty();
      }
    }
  }

  @Test
  void aFlipGoesAllAtOnceAndBackInOneChange() {
    try (TestMesh mesh = new TestMesh("flip", folder)) {
      mesh.saveOrders(mesh.backend("v1", "a"), mesh.backend("v2", "b"));
      mesh.savePolicy(flip("v1", "v2"));
      mesh.start(Role.SIDECAR);
      mesh.start(Role.GATEWAY);
      try (ContinuousTraffic traffic = mesh.client(Role.SIDECAR).keepSending()) {
        assertThat(traffic.await(50).versions()).containsOnlyKeys("v1");
        mesh.savePolicy(flip("v2", "v1"));
        awaitOnly(traffic, "v2");
        mesh.savePolicy(flip("v1", "v2"));
        awaitOnly(traffic, "v1");
        assertThat(traffic.stop().failures()).isEmpty();
      }
    }
  }

  private static String flip(String active, String standby) {
    return VERSIONS
        + "rollout: {blueGreen: {active: %s, standby: %s, gate: {stableFor: 1s}}}\n"
            .formatted(active, standby);
  }

  private static void awaitOnly(ContinuousTraffic traffic, String version) {
    Awaitility.await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () ->
                traffic
                    .awaitSentAfter(System.nanoTime(), 100)
                    .versions()
                    .keySet()
                    .equals(Set.of(version)));
  }

  private static Stream<String> revisions(TestMesh mesh) {
    return mesh.server().views().history().get().stream().map(Revision::cause);
  }
}
