package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.server.admin.ControlPlane;
import dev.sluice.server.settings.KubernetesSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a cluster's users do all day, with traffic running, and no request notices. */
@NeedsKubernetes
@NeedsEnvoy
class KubernetesTrafficTest {
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesTrafficTest.class);

  /** What a service needs whose instances may be killed. */
  private static final String RETRY =
      "retry: {attempts: 3, retryOn: [reset, connect-failure, refused-stream]}\n";

  /** {@code -Dkubernetes-churn.seconds=120} makes it long. */
  private static final Duration CHURN =
      Duration.ofSeconds(Integer.getInteger("kubernetes-churn.seconds", 20));

  @TempDir static Path folder;
  private static KubernetesCluster cluster;

  @BeforeAll
  static void startCluster() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
    cluster = KubernetesCluster.start(folder);
    cluster.installDefinitions();
  }

  @AfterAll
  static void stopCluster() {
    Awaitility.reset();
    cluster.close();
  }

  @Test
  void sharesFollowTheWeightsOfAPolicyAndItsPatch() {
    try (KubernetesMesh mesh = new KubernetesMesh(cluster, "split")) {
      mesh.run("orders-1", "v1");
      mesh.run("orders-2", "v2");
      mesh.applyPolicy(Documents.split(90, 10));
      // All of the cluster and with everything on, as it is installed.
      ControlPlane server =
          mesh.startServer(KubernetesSettings.of("kubernetes", cluster.kubeconfig()));
      mesh.startGateway(server);
      mesh.awaitAnswers();
      try (ContinuousTraffic traffic = mesh.client().keepSending()) {
        Shares.within3Deviations(Map.of("v1", 0.9, "v2", 0.1), () -> traffic.await(5_000));

        long patched = patch("{v1: 0, v2: 100}");
        assertThat(millisUntil(traffic, patched, answer -> answer.version().equals("v1")))
            .as("milliseconds until the last answer by the old weights")
            .isLessThan(1_000);
        assertThat(traffic.await(1_000).versions().keySet()).isEqualTo(Set.of("v2"));

        patch("{v1: 50, v2: 50}");
        await().until(() -> traffic.await(50).versions().containsKey("v1"));
        Shares.within3Deviations(Map.of("v1", 0.5, "v2", 0.5), () -> traffic.await(5_000));
        TrafficReport all = traffic.stop();
        assertThat(all.failures()).as("%s", all).isEmpty();
      }
    }
  }

  /** Patches the weights, and gives when the API server had them. */
  private static long patch(String weights) {
    cluster.kubectl(
        "patch",
        "trafficpolicies.sluice.dev/orders",
        "-n",
        "split",
        "--type=json",
        "-p",
        "[{op: replace, path: /spec/split/weights, value: " + weights + "}]");
    return System.nanoTime();
  }

  private static long millisUntil(
      ContinuousTraffic traffic, long nanos, Predicate<Answer> condition) {
    long millis = traffic.millisUntilLast(nanos, condition);
    LOG.info("{} ms until the last request that was answered as before", millis);
    return millis;
  }

  @Test
  void aPodThatIsNotReadyGetsNoNewRequest() {
    try (KubernetesMesh mesh = new KubernetesMesh(cluster, "unready")) {
      mesh.run("orders-1", "v1");
      mesh.run("orders-2", "v1");
      mesh.applyPolicy("");
      mesh.startGateway(mesh.startServer());
      mesh.awaitAnswers();
      try (ContinuousTraffic traffic = mesh.client().keepSending(4, Duration.ofMillis(1))) {
        await().untilAsserted(() -> assertThat(traffic.await(500).instances()).hasSize(2));
        for (int i = 0; i < 3; i++) {
          mesh.pods().ready("orders-1", false);
          long known = System.nanoTime();
          assertThat(millisUntil(traffic, known, it -> it.instance().equals("orders-1")))
              .as("milliseconds until the last request to a pod that is not ready")
              .isLessThan(500);
          mesh.pods().ready("orders-1", true);
          await().until(() -> traffic.await(50).instances().containsKey("orders-1"));
        }
        assertThat(traffic.stop().failures()).isEmpty();
      }
    }
  }

  @Test
  void aPodThatTerminatesFinishesItsRequests() {
    try (KubernetesMesh mesh = new KubernetesMesh(cluster, "terminating")) {
      TestBackend leaving = mesh.run("orders-1", "v1");
      mesh.run("orders-2", "v1");
      mesh.applyPolicy("timeouts: {request: 60s}\n"); // Some are held for long.
      mesh.startGateway(mesh.startServer());
      mesh.awaitAnswers();
      leaving.hold();
      int before = leaving.requests();
      try (ContinuousTraffic held = mesh.client().keepSending(8, Duration.ofMillis(1))) {
        await().until(() -> leaving.requests() >= before + 4);
        mesh.pods().terminate("orders-1");
        await().until(() -> cluster.kubectl("get", "pods", "-n", "terminating").contains("Term"));
        // Once it gets no more: connections that wait for it keep waiting, others are answered.
        try (ContinuousTraffic others = mesh.client().keepSending(4, Duration.ofMillis(1))) {
          await().until(() -> others.await(500).instances().keySet().equals(Set.of("orders-2")));
          int asked = leaving.requests();
          others.await(500);
          assertThat(leaving.requests()).isEqualTo(asked);
          mesh.pods().end("orders-1");
          others.await(500);
          assertThat(leaving.requests()).isEqualTo(asked);
          leaving.answerWith(200);
          held.await(100);
          assertThat(others.stop().failures()).isEmpty();
        }
        TrafficReport report = held.stop();
        assertThat(report.failures()).isEmpty();
        assertThat(report.instances().get("orders-1")).isGreaterThanOrEqualTo(4);
      }
    }
  }

  @Test
  void noRequestFailsWhilePodsAreScaledKilledAndReplaced() {
    try (KubernetesMesh mesh = new KubernetesMesh(cluster, "churn")) {
      mesh.run("old-1", "v1");
      mesh.run("old-2", "v2");
      mesh.applyPolicy(Documents.split(50, 50) + RETRY);
      mesh.startGateway(mesh.startServer());
      mesh.awaitAnswers();
      try (ContinuousTraffic traffic = mesh.client().keepSending(4, Duration.ofMillis(1))) {
        long end = System.nanoTime() + CHURN.toNanos();
        List<String> now = List.of("old-1", "old-2");
        int round = 0;
        for (; System.nanoTime() < end; round++) {
          now = replace(mesh, traffic, now, round);
        }
        TrafficReport report = traffic.stop();
        LOG.info("{} rounds: {}", round, report);
        assertThat(report.failures()).as("%s", report).isEmpty();
        assertThat(round).isGreaterThan(3);
        assertThat(report.count()).isGreaterThan(5_000);
      }
    }
  }

  /**
   * Scales up, kills one without a word, ends one in good order, and leaves one of each version.
   */
  private static List<String> replace(
      KubernetesMesh mesh, ContinuousTraffic traffic, List<String> old, int round) {
    for (String version : List.of("v1", "v2")) {
      mesh.run("new-" + version + "-" + round, version);
      mesh.run("more-" + version + "-" + round, version);
    }
    await()
        .until(
            () ->
                traffic.await(100).instances().keySet().stream()
                        .filter(name -> name.endsWith("-" + round))
                        .count()
                    >= 4);
    for (String version : List.of("v1", "v2")) {
      String killed = "more-" + version + "-" + round;
      mesh.kill(killed);
      mesh.pods().ready(killed, false);
      mesh.pods().end(killed);
    }
    old.forEach(mesh.pods()::terminate);
    await().until(() -> traffic.await(100).instances().keySet().stream().noneMatch(old::contains));
    old.forEach(
        pod -> {
          mesh.kill(pod);
          mesh.pods().end(pod);
        });
    return List.of("new-v1-" + round, "new-v2-" + round);
  }
}
