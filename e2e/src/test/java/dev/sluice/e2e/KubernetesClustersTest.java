package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.server.admin.ControlPlane;
import dev.sluice.server.settings.KubernetesSettings;
import dev.sluice.server.status.ProxyStatus;
import dev.sluice.source.SourceStatus.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several clusters with one server, and several servers with one cluster. */
@NeedsKubernetes
@NeedsEnvoy
class KubernetesClustersTest {
  @TempDir static Path folder;
  private static KubernetesCluster north;
  private static KubernetesCluster south;

  @BeforeAll
  static void startClusters() throws IOException {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(40));
    north = KubernetesCluster.start(Files.createDirectory(folder.resolve("north")));
    north.installDefinitions();
    south = KubernetesCluster.start(Files.createDirectory(folder.resolve("south")));
    south.installDefinitions();
  }

  @AfterAll
  static void stopClusters() {
    Awaitility.reset();
    for (KubernetesCluster cluster : new KubernetesCluster[] {north, south}) {
      if (cluster != null) {
        cluster.close();
      }
    }
  }

  @Test
  void aServiceOfTwoClustersIsOneAndOneClustersLossIsNotTheOthers() {
    try (KubernetesMesh mesh = new KubernetesMesh(north, "both");
        KubernetesMesh other = new KubernetesMesh(south, "both")) {
      south.kubectl("delete", "gateways.sluice.dev/public", "-n", "both");
      mesh.run("north-1", "v1");
      other.run("south-1", "v2");
      mesh.applyPolicy("");
      ControlPlane server = mesh.startServer(settings(mesh, north), settings(other, south));
      mesh.startGateway(server);
      await().until(() -> mesh.client().send(50, 1).instances().size() == 2);
      try (ContinuousTraffic traffic = mesh.client().keepSending(4, Duration.ofMillis(1))) {
        south.killApiServer();
        await().until(() -> state(server, "south") == State.STALE);
        assertThat(state(server, "north")).isEqualTo(State.SYNCED);
        mesh.run("north-2", "v1");
        await()
            .until(
                () ->
                    traffic
                        .await(100)
                        .instances()
                        .keySet()
                        .equals(Set.of("north-1", "north-2", "south-1")));

        south.startApiServer();
        await().until(() -> state(server, "south") == State.SYNCED);
        other.run("south-2", "v2");
        other.pods().ready("south-1", false);
        await()
            .until(
                () ->
                    traffic
                        .await(100)
                        .instances()
                        .keySet()
                        .equals(Set.of("north-1", "north-2", "south-2")));
        assertThat(traffic.stop().failures()).isEmpty();
      }
    }
  }

  @Test
  void aPolicyChoosesAmongClustersAndShiftsFromOneToTheOtherUnderLoad() {
    try (KubernetesMesh mesh = new KubernetesMesh(north, "chosen");
        KubernetesMesh other = new KubernetesMesh(south, "chosen")) {
      south.kubectl("delete", "gateways.sluice.dev/public", "-n", "chosen");
      mesh.run("north-1", "v1");
      other.run("south-1", "v1");
      mesh.apply(chosen(3, 1));
      ControlPlane server = mesh.startServer(settings(mesh, north), settings(other, south));
      mesh.startGateway(server);
      await().until(() -> mesh.client().send(50, 1).instances().size() == 2);
      try (ContinuousTraffic traffic = mesh.client().keepSending(4, Duration.ofMillis(1))) {
        assertThat(share(traffic, "south-1")).isBetween(0.2, 0.3);

        // A weight is a cluster's share, however many instances it has.
        mesh.run("north-2", "v1");
        await().until(() -> instances(traffic).contains("north-2"));
        assertThat(share(traffic, "south-1")).isBetween(0.2, 0.3);

        mesh.apply(chosen(0, 1));
        await().until(() -> instances(traffic).equals(Set.of("south-1")));
        other.run("south-2", "v1");
        await().until(() -> instances(traffic).equals(Set.of("south-1", "south-2")));

        mesh.apply(chosen(1, 0));
        await().until(() -> instances(traffic).equals(Set.of("north-1", "north-2")));
        assertThat(traffic.stop().failures()).isEmpty();
      }
    }
  }

  private static String chosen(int north, int south) {
    return Documents.withBackends(
        Documents.policy("loadBalancer: {type: RoundRobin}\n"),
        "{name: near, kubernetes: {cluster: north}, weight: %d}".formatted(north),
        "{name: far, kubernetes: {cluster: south, service: orders}, weight: %d}".formatted(south));
  }

  private static double share(ContinuousTraffic traffic, String instance) {
    Map<String, Long> instances = traffic.await(2_000).instances();
    long all = instances.values().stream().mapToLong(Long::longValue).sum();
    return instances.getOrDefault(instance, 0L) / (double) all;
  }

  private static Set<String> instances(ContinuousTraffic traffic) {
    return traffic.await(100).instances().keySet();
  }

  private static KubernetesSettings settings(KubernetesMesh mesh, KubernetesCluster cluster) {
    return mesh.settings(cluster.kubeconfig(), KubernetesSettings.DEFAULT_HOLD_EMPTY);
  }

  private static State state(ControlPlane server, String cluster) {
    return KubernetesMesh.source(server, cluster).state();
  }

  @Test
  void aReplicaMayEndAtOnceAndNothingIsSentAgain() {
    try (KubernetesMesh mesh = new KubernetesMesh(north, "replicas")) {
      mesh.run("orders-1", "v1");
      mesh.run("orders-2", "v2");
      mesh.applyPolicy(Documents.split(50, 50));
      ControlPlane one = mesh.startServer();
      ControlPlane two = mesh.startServer();
      try (Forwarder address = new Forwarder(one.xdsAddress().getPort())) {
        mesh.startGateway(address.port());
        mesh.awaitAnswers();
        awaitProxy(one);
        await().until(() -> KubernetesMesh.source(two).state() == State.SYNCED);
        try (ContinuousTraffic traffic = mesh.client().keepSending(4, Duration.ofMillis(1))) {
          traffic.await(100);
          address.to(two.xdsAddress().getPort());
          one.close();
          awaitProxy(two);

          // The edit comes by the new stream, after whatever else there was to say.
          mesh.applyPolicy(Documents.split(0, 100));
          await().until(() -> traffic.await(100).versions().keySet().equals(Set.of("v2")));
          awaitProxy(two);
          assertThat(Pushes.of(two).responses()).as("only the edit").isEqualTo(Map.of("RDS", 1L));
          assertThat(traffic.stop().failures()).isEmpty();
        }
      }
    }
  }

  private static void awaitProxy(ControlPlane server) {
    await()
        .until(
            () -> {
              List<ProxyStatus> proxies = server.views().proxies().get();
              return proxies.size() == 1
                  && proxies.getFirst().types().size() == 4
                  && proxies.getFirst().synced();
            });
  }
}
