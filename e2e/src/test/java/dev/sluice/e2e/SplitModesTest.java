package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The other ways to divide traffic, and versions without instances. */
@NeedsEnvoy
class SplitModesTest {
  private static final int REQUESTS = 5_000;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void endpointModeGivesTheWeightsWhateverTheNumberOfInstances(Role role) {
    try (TestMesh mesh = new TestMesh("endpoint-mode", folder)) {
      mesh.saveOrders(mesh.backend("v1", "a"), mesh.backend("v2", "b"), mesh.backend("v2", "c"));
      mesh.savePolicy(
          """
          versions: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
          loadBalancer: {type: RoundRobin}
          split: {mode: endpoint, weights: {v1: 70, v2: 30}}
          """);
      mesh.start(role);

      Shares.within3Deviations(
          Map.of("v1", 0.7, "v2", 0.3), () -> mesh.client(role).send(REQUESTS));

      mesh.savePolicy(
          """
          versions: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
          loadBalancer: {type: RoundRobin}
          split: {mode: endpoint, weights: {v1: 0, v2: 1}}
          """);
      mesh.awaitVersion(role, "v2");
      assertThat(mesh.client(role).send(500).versions()).containsOnlyKeys("v2");
    }
  }

  @Test
  void podCountGivesEveryInstanceTheSameShare() {
    try (TestMesh mesh = new TestMesh("pod-count", folder)) {
      TestBackend a = mesh.backend("v1", "a");
      TestBackend b = mesh.backend("v1", "b");
      TestBackend c = mesh.backend("v1", "c");
      TestBackend d = mesh.backend("v2", "d");
      TestBackend e = mesh.backend("v2", "e");
      mesh.saveOrders(a, b, c, d);
      mesh.savePolicy(Documents.versions("v1", "v2") + "split: {by: podCount}\n");
      mesh.start(Role.SIDECAR);

      Shares.within3Deviations(
          Map.of("v1", 0.75, "v2", 0.25), () -> mesh.client(Role.SIDECAR).send(REQUESTS));

      mesh.saveOrders(a, d, e);
      mesh.awaitAnswers(
          Role.SIDECAR,
          report ->
              report.instances().size() == 3
                  && report.instances().containsKey("e")
                  && !report.instances().containsKey("b"));
      Shares.within3Deviations(
          Map.of("v1", 1 / 3.0, "v2", 2 / 3.0), () -> mesh.client(Role.SIDECAR).send(REQUESTS));
    }
  }

  @Test
  void withOnEmptyFailTheShareOfAnEmptyVersionFails() {
    try (TestMesh mesh = new TestMesh("on-empty-fail", folder)) {
      mesh.saveOrders(mesh.backend("v1", "a"));
      mesh.savePolicy(
          Documents.versions("v1", "v2") + "split: {weights: {v1: 80, v2: 20}, onEmpty: fail}\n");
      mesh.start(Role.SIDECAR);

      // No instance answers for v2: its share is Envoy's own answer, which names no version.
      Shares.within3Deviations(
          Map.of("v1", 0.8, "", 0.2),
          () -> {
            TrafficReport report = mesh.client(Role.SIDECAR).send(REQUESTS);
            assertThat(report.statuses()).containsOnlyKeys(200, 503);
            return report;
          });
    }
  }

  @Test
  void withOnEmptyRedistributeTheOthersTakeOverInProportion() {
    try (TestMesh mesh = new TestMesh("on-empty-redistribute", folder)) {
      mesh.saveOrders(mesh.backend("v1", "a"), mesh.backend("v2", "b"));
      mesh.savePolicy(
          Documents.versions("v1", "v2", "v3")
              + "split: {weights: {v1: 30, v2: 10, v3: 60}, onEmpty: redistribute}\n");
      mesh.start(Role.SIDECAR);

      Shares.within3Deviations(Map.of("v1", 0.75, "v2", 0.25), () -> answeredByInstances(mesh));
    }
  }

  @Test
  void withOnEmptyFallbackOneVersionTakesOver() {
    try (TestMesh mesh = new TestMesh("on-empty-fallback", folder)) {
      mesh.saveOrders(mesh.backend("v1", "a"), mesh.backend("v2", "b"));
      mesh.savePolicy(
          Documents.versions("v1", "v2", "v3")
              + "split: {weights: {v1: 30, v2: 10, v3: 60}, onEmpty: {fallback: {version: v2}}}\n");
      mesh.start(Role.SIDECAR);

      Shares.within3Deviations(Map.of("v1", 0.3, "v2", 0.7), () -> answeredByInstances(mesh));
    }
  }

  @Test
  void aVersionThatLosesItsLastInstanceIsTakenOverWithinHalfASecond() {
    try (TestMesh mesh = new TestMesh("on-empty-live", folder)) {
      TestBackend a = mesh.backend("v1", "a");
      TestBackend b = mesh.backend("v2", "b");
      mesh.saveOrders(a, b);
      mesh.savePolicy(Documents.split(50, 50));
      mesh.start(Role.SIDECAR);
      try (ContinuousTraffic traffic =
          mesh.client(Role.SIDECAR).keepSending(2, Duration.ofMillis(1))) {
        assertThat(traffic.await(100).versions()).containsOnlyKeys("v1", "v2");

        long saved = mesh.saveOrders(a);
        traffic.awaitSentAfter(saved + 500_000_000L, 300);

        TrafficReport all = traffic.stop();
        assertThat(all.failures()).as("%s", all).isEmpty();
        assertThat(all.sentAfter(saved + 500_000_000L).versions()).containsOnlyKeys("v1");
      }
    }
  }

  private static TrafficReport answeredByInstances(TestMesh mesh) {
    TrafficReport report = mesh.client(Role.SIDECAR).send(REQUESTS);
    assertThat(report.failures()).as("%s", report).isEmpty();
    return report;
  }
}
