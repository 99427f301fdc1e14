package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.server.admin.ControlPlane;
import dev.sluice.source.SourceStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One name over machines that Consul knows and pods that Kubernetes knows. */
@NeedsKubernetes
@NeedsConsul
@NeedsEnvoy
class MachinesAndPodsTest {
  private static final Logger LOG = LoggerFactory.getLogger(MachinesAndPodsTest.class);

  /** Of a breaker; round robin gives no more than four calls in a row to machines, or to pods. */
  private static final int LIMIT = 8;

  @TempDir static Path folder;
  private static KubernetesCluster cluster;
  private static ConsulServer consul;

  @BeforeAll
  static void startPeers() throws IOException {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(40));
    consul = ConsulServer.start(folder.resolve("consul"), ConsulOptions.of("machines"));
    cluster = KubernetesCluster.start(Files.createDirectory(folder.resolve("pods")));
    cluster.installDefinitions();
  }

  @AfterAll
  static void stopPeers() {
    Awaitility.reset();
    if (cluster != null) {
      cluster.close();
    }
    if (consul != null) {
      consul.close();
    }
  }

  @Test
  void aBackendHasItsShareHoweverManyInstancesItHas() {
    try (MachinesAndPods both = new MachinesAndPods(consul, cluster, "shares")) {
      both.runTwoAndThree();
      both.applyOver(3, 1, "");
      both.mesh().startGateway(both.startServer());
      both.awaitInstances(MachinesAndPods.ALL);
      TrafficReport report = both.client().send(4_000);
      Shares.within3Deviations(
          Map.of("machine", 0.25, "pod", 0.75), () -> both.client().send(4_000));
      assertThat(share(report, "machine-2")).isBetween(0.10, 0.15);
      assertThat(share(report, "pod-3")).isBetween(0.22, 0.28);

      both.machines().run("machine-3", "machine");
      both.awaitInstances(Set.of("machine-1", "machine-2", "machine-3", "pod-1", "pod-2", "pod-3"));
      Shares.within3Deviations(
          Map.of("machine", 0.25, "pod", 0.75), () -> both.client().send(4_000));
    }
  }

  @Test
  void oneCanaryIsOverBoth() {
    try (MachinesAndPods both = new MachinesAndPods(consul, cluster, "canary")) {
      runVersions(both);
      both.applyOver(1, 1, Documents.split(80, 20));
      both.mesh().startGateway(both.startServer());
      both.awaitInstances(MachinesAndPods.ALL);
      Shares.within3Deviations(Map.of("v1", 0.8, "v2", 0.2), () -> both.client().send(4_000));

      assertEachVersionIsOnMachinesAndPods(both.client().send(4_000));
    }
  }

  @Test
  void oneRolloutIsOverBoth() {
    try (MachinesAndPods both = new MachinesAndPods(consul, cluster, "rollout")) {
      runVersions(both);
      both.applyOver(1, 1, Documents.split(1, 0));
      ControlPlane server = both.startServer();
      both.mesh().startGateway(server);
      both.awaitInstances(Set.of("machine-1", "pod-1", "pod-2"));
      try (ContinuousTraffic traffic = both.client().keepSending(4, Duration.ofMillis(1))) {
        both.applyOver(
            1,
            1,
            Documents.versions("v1", "v2")
                + "rollout: {canary: {from: v1, to: v2, steps: [{weight: 20, hold: 20s}]}}\n");
        awaitPhase(server, "HOLDING");
        assertEachVersionIsOnMachinesAndPods(both.client().send(2_000));
        awaitPhase(server, "COMPLETE");
        await().until(() -> instances(traffic).equals(Set.of("machine-2", "pod-3")));
        assertThat(traffic.stop().failures()).isEmpty();
      }
    }
  }

  private static void runVersions(MachinesAndPods both) {
    both.machines().run("machine-1", "v1");
    both.machines().run("machine-2", "v2", one -> one.withMeta(Map.of("version", "v2")));
    both.mesh().run("pod-1", "v1");
    both.mesh().run("pod-2", "v1");
    both.mesh().run("pod-3", "v2");
  }

  /** At four fifths for v1, by the backends' weights. */
  private static void assertEachVersionIsOnMachinesAndPods(TrafficReport report) {
    assertThat(report.failures()).isEmpty();
    assertThat(share(report, "machine-1")).isBetween(0.35, 0.45);
    assertThat(share(report, "machine-2")).isBetween(0.06, 0.14);
    assertThat(share(report, "pod-3")).isBetween(0.06, 0.14);
  }

  private static void awaitPhase(ControlPlane server, String phase) {
    await()
        .atMost(Duration.ofSeconds(90))
        .until(
            () ->
                ReplicaPair.json(KubernetesMesh.admin(server, "/v1/rollouts"))
                    .at("/rollouts/0/phase")
                    .asText()
                    .equals(phase));
  }

  @Test
  void oneBreakerCountsOverBoth() throws IOException {
    try (MachinesAndPods both = new MachinesAndPods(consul, cluster, "breaker")) {
      List<TestBackend> onMachines =
          List.of(
              both.machines().run("machine-1", "machine"),
              both.machines().run("machine-2", "machine"));
      List<TestBackend> inPods =
          List.of(
              both.mesh().run("pod-1", "pod"),
              both.mesh().run("pod-2", "pod"),
              both.mesh().run("pod-3", "pod"));
      both.applyOver(1, 1, "circuitBreaker: {maxRequests: %d}\n".formatted(LIMIT));
      EnvoyProcess envoy = both.mesh().startGateway(both.startServer());
      both.awaitInstances(MachinesAndPods.ALL);
      assertThat(endpointsByCluster(envoy)).hasSize(1).containsValue(5);

      int machinesBefore = requests(onMachines);
      int podsBefore = requests(inPods);
      onMachines.forEach(TestBackend::hold);
      inPods.forEach(TestBackend::hold);
      try (ContinuousTraffic held = both.client().keepSending(LIMIT, Duration.ofMinutes(1))) {
        await()
            .until(
                () ->
                    requests(onMachines) + requests(inPods) == machinesBefore + podsBefore + LIMIT);
        Answer more = both.client().once();
        assertThat(more.status()).isEqualTo(503);
        assertThat(more.headers()).containsEntry("x-envoy-overloaded", "true");
        // Some wait on machines and some in pods: neither has reached the limit by itself.
        int waiting = requests(onMachines) - machinesBefore;
        assertThat(waiting).isBetween(1, LIMIT - 1);
        assertThat(requests(inPods)).isEqualTo(podsBefore + LIMIT - waiting);

        onMachines.forEach(machine -> machine.answerWith(200));
        await().until(() -> held.soFar().count() == waiting);
        inPods.forEach(pod -> pod.answerWith(200));
        await().until(() -> held.soFar().count() == LIMIT);
        assertThat(held.soFar().failures()).isEmpty();
        assertThat(both.client().once().ok()).isTrue();
      }
    }
  }

  @Test
  void aMachineThatIsCriticalGetsNoRequestHalfASecondLater() {
    try (MachinesAndPods both = new MachinesAndPods(consul, cluster, "critical")) {
      both.runTwoAndThree();
      both.applyOver(1, 1, "");
      both.mesh().startGateway(both.startServer());
      both.awaitInstances(MachinesAndPods.ALL);
      try (ContinuousTraffic traffic = both.client().keepSending(4, Duration.ofMillis(1))) {
        for (int i = 0; i < 5; i++) {
          await().until(() -> instances(traffic).equals(MachinesAndPods.ALL));
          long known = both.machines().set("machine-1", ConsulStatus.CRITICAL);
          long millis =
              traffic.millisUntilLast(known, answer -> answer.instance().equals("machine-1"));
          LOG.info("{} ms until the last request to a machine that is critical", millis);
          assertThat(millis)
              .as("milliseconds until the last request to a critical machine")
              .isLessThan(500);
          assertThat(instances(traffic)).doesNotContain("machine-1").contains("machine-2");
          both.machines().set("machine-1", ConsulStatus.PASSING);
        }
        assertThat(traffic.stop().failures()).isEmpty();
      }
    }
  }

  @Test
  void weightsMoveCallsFromMachinesToPodsAndBack() {
    try (MachinesAndPods both = new MachinesAndPods(consul, cluster, "moving")) {
      both.runTwoAndThree();
      both.applyOver(0, 100, "");
      both.mesh().startGateway(both.startServer());
      both.awaitInstances(Set.of("machine-1", "machine-2"));
      try (ContinuousTraffic traffic = both.client().keepSending(4, Duration.ofMillis(1))) {
        for (int pods : new int[] {10, 50, 90, 100, 90, 50, 10, 0}) {
          both.applyOver(pods, 100 - pods, "");
          double least = pods == 100 ? 1 : pods / 100.0 - 0.03;
          double most = pods == 0 ? 0 : pods / 100.0 + 0.03;
          await()
              .untilAsserted(
                  () -> assertThat(podsShare(traffic.await(500))).isBetween(least, most));
        }
        TrafficReport all = traffic.stop();
        LOG.info("moved there and back: {}", all);
        assertThat(all.failures()).as("%s", all).isEmpty();
      }
    }
  }

  @Test
  void callsGoOnOverBothWhileConsulIsGone() {
    try (MachinesAndPods both = new MachinesAndPods(consul, cluster, "no-consul")) {
      both.runTwoAndThree();
      both.applyOver(1, 1, "");
      ControlPlane server = both.startServer();
      both.mesh().startGateway(server);
      both.awaitInstances(MachinesAndPods.ALL);
      try (ContinuousTraffic traffic = both.client().keepSending(4, Duration.ofMillis(1))) {
        consul.kill();
        try {
          KubernetesMesh.awaitState(server, MachinesAndPods.DATACENTER, State.STALE);
          assertThat(KubernetesMesh.admin(server, "/v1/sources")).contains("STALE", "SYNCED");
          assertThat(KubernetesMesh.source(server, "pods").state()).isEqualTo(State.SYNCED);
          assertThat(instances(traffic)).isEqualTo(MachinesAndPods.ALL);

          both.mesh().pods().ready("pod-3", false);
          await()
              .until(
                  () ->
                      instances(traffic)
                          .equals(Set.of("machine-1", "machine-2", "pod-1", "pod-2")));
        } finally {
          consul.start();
        }
        KubernetesMesh.awaitState(server, MachinesAndPods.DATACENTER, State.SYNCED);
        assertThat(KubernetesMesh.admin(server, "/v1/sources")).doesNotContain("STALE");
        both.machines().set("machine-1", ConsulStatus.CRITICAL);
        await().until(() -> instances(traffic).equals(Set.of("machine-2", "pod-1", "pod-2")));
        assertThat(traffic.stop().failures()).isEmpty();
      }
    }
  }

  @Test
  void callsGoOnOverBothWhileTheApiServerIsGone() {
    try (MachinesAndPods both = new MachinesAndPods(consul, cluster, "no-api-server")) {
      both.runTwoAndThree();
      both.applyOver(1, 1, "");
      ControlPlane server = both.startServer();
      both.mesh().startGateway(server);
      both.awaitInstances(MachinesAndPods.ALL);
      try (ContinuousTraffic traffic = both.client().keepSending(4, Duration.ofMillis(1))) {
        cluster.killApiServer();
        try {
          KubernetesMesh.awaitState(server, "pods", State.STALE);
          assertThat(KubernetesMesh.source(server, MachinesAndPods.DATACENTER).state())
              .isEqualTo(State.SYNCED);
          assertThat(instances(traffic)).isEqualTo(MachinesAndPods.ALL);

          both.machines().set("machine-1", ConsulStatus.CRITICAL);
          await()
              .until(
                  () -> instances(traffic).equals(Set.of("machine-2", "pod-1", "pod-2", "pod-3")));
        } finally {
          cluster.startApiServer();
        }
        KubernetesMesh.awaitState(server, "pods", State.SYNCED);
        both.mesh().pods().ready("pod-3", false);
        await().until(() -> instances(traffic).equals(Set.of("machine-2", "pod-1", "pod-2")));
        assertThat(traffic.stop().failures()).isEmpty();
      }
    }
  }

  @Test
  void aServiceOfTheSameNameIsOneOverBothWithoutBackends() throws IOException {
    try (MachinesAndPods both = new MachinesAndPods(consul, cluster, "united")) {
      both.runTwoAndThree();
      both.applyWithoutBackends();
      ControlPlane server = both.startServer();
      EnvoyProcess envoy = both.mesh().startGateway(server);
      both.awaitInstances(MachinesAndPods.ALL);
      assertThat(endpointsByCluster(envoy)).hasSize(1).containsValue(5);
      assertThat(both.mesh().addresses(server, "orders")).hasSize(5);
      Shares.within3Deviations(Map.of("machine", 0.4, "pod", 0.6), () -> both.client().send(4_000));
    }
  }

  private static Set<String> instances(ContinuousTraffic traffic) {
    return traffic.await(100).instances().keySet();
  }

  private static double share(TrafficReport report, String instance) {
    return report.instances().getOrDefault(instance, 0L) / (double) report.count();
  }

  private static double podsShare(TrafficReport report) {
    return report.versions().getOrDefault("pod", 0L) / (double) report.count();
  }

  private static int requests(List<TestBackend> backends) {
    return backends.stream().mapToInt(TestBackend::requests).sum();
  }

  /** How many endpoints each Cluster of {@code orders} has in Envoy. */
  private static Map<String, Integer> endpointsByCluster(EnvoyProcess envoy) throws IOException {
    Map<String, Integer> endpoints = new TreeMap<>();
    String dump = envoy.admin("/clusters?format=json");
    for (JsonNode one : new ObjectMapper().readTree(dump).path("cluster_statuses")) {
      if (one.path("name").asText().contains("orders")) {
        endpoints.put(one.path("name").asText(), one.path("host_statuses").size());
      }
    }
    return endpoints;
  }
}
