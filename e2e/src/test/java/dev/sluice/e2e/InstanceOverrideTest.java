package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Instances that people take out of traffic, or into it, by hand. */
@NeedsEnvoy
class InstanceOverrideTest {
  @TempDir Path folder;

  @Test
  void aDrainedInstanceFinishesWhatItHasAndGetsNothingNew() {
    try (TestMesh mesh = new TestMesh("override-drain", folder)) {
      TestBackend stays = mesh.backend("v1", "stays");
      TestBackend drained = mesh.backend("v1", "drained");
      mesh.saveOrders(stays, drained);
      mesh.savePolicy("timeouts: {request: 20s}");
      mesh.start(Role.SIDECAR);
      drained.hold();
      stays.hold();
      try (ContinuousTraffic held =
          mesh.client(Role.SIDECAR).keepSending(8, Duration.ofMinutes(1))) {
        Awaitility.await()
            .atMost(Duration.ofSeconds(15))
            .until(() -> drained.requests() > 0 && drained.requests() + stays.requests() == 8);
        int before = drained.requests();
        stays.answerWith(200);

        mesh.save("override.yaml", override(drained, "state: drain"));

        mesh.awaitAnswers(
            Role.SIDECAR, report -> report.instances().keySet().equals(java.util.Set.of("stays")));
        int reached = drained.requests();
        assertThat(mesh.client(Role.SIDECAR).send(50).instances()).containsOnlyKeys("stays");
        assertThat(drained.requests()).isEqualTo(reached);
        drained.answerWith(200);
        Awaitility.await().until(() -> held.soFar().count() == 8);
        assertThat(held.soFar().failures()).isEmpty();
        assertThat(held.soFar().instances()).containsEntry("drained", (long) before);
      }
      mesh.delete("override.yaml");
      mesh.awaitAnswers(Role.SIDECAR, report -> report.instances().containsKey("drained"));
    }
  }

  @Test
  void anInstanceThatIsOutComesBackWhenItsTimeIsOver() {
    try (TestMesh mesh = new TestMesh("override-out", folder)) {
      TestBackend stays = mesh.backend("v1", "stays");
      TestBackend out = mesh.backend("v1", "out");
      mesh.saveOrders(stays, out);
      mesh.savePolicy("retry: {attempts: 0}");
      mesh.start(Role.SIDECAR);
      try (ContinuousTraffic traffic = mesh.client(Role.SIDECAR).keepSending()) {
        traffic.await(50);

        long saved = mesh.save("override.yaml", override(out, "state: out, expiresIn: 10s"));

        mesh.awaitAnswers(Role.SIDECAR, report -> !report.instances().containsKey("out"));
        mesh.awaitAnswers(Role.SIDECAR, report -> report.instances().containsKey("out"));
        assertThat(Duration.ofNanos(System.nanoTime() - saved))
            .isGreaterThan(Duration.ofSeconds(6));
        assertThat(traffic.stop().failures()).isEmpty();
      }
    }
  }

  @Test
  void anInstanceThatIsNotReadyIsPutInAndWeighed() {
    try (TestMesh mesh = new TestMesh("override-in", folder)) {
      TestBackend ready = mesh.backend("v1", "ready");
      TestBackend unready = mesh.backend("v1", "unready");
      mesh.save(
          "orders.yaml",
          Documents.service(
              List.of(
                  Documents.instance(ready.port(), "v1"),
                  Documents.instance(unready.port(), "v1").replace("}}", "}, healthy: false}")),
              "http"));
      mesh.savePolicy("loadBalancer: {type: RoundRobin}");
      mesh.start(Role.SIDECAR);
      assertThat(mesh.client(Role.SIDECAR).send(20).instances()).containsOnlyKeys("ready");

      mesh.save("override.yaml", override(unready, "state: in, weight: 3"));

      mesh.awaitAnswers(Role.SIDECAR, report -> report.instances().containsKey("unready"));
      TrafficReport report = mesh.client(Role.SIDECAR).send(400, 1);
      assertThat(report.instances().get("unready")).isBetween(290L, 310L);
    }
  }

  private static String override(TestBackend instance, String fields) {
    return """
    apiVersion: sluice.dev/v1
    kind: InstanceOverride
    metadata: {name: by-hand, namespace: shop}
    spec: {service: orders, match: {address: "127.0.0.1:%d"}, %s}
    """
        .formatted(instance.port(), fields);
  }
}
