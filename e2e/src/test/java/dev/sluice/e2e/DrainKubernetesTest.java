package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.policy.parse.Durations;
import dev.sluice.server.admin.ControlPlane;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice drain} and {@code restore} of pods, by custom resources. */
@NeedsKubernetes
@NeedsEnvoy
class DrainKubernetesTest {
  @TempDir private static Path folder;
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
  void aPodIsDrainedByItsNameAndKubectlShowsIt() {
    try (KubernetesMesh mesh = new KubernetesMesh(cluster, "drain")) {
      mesh.run("orders-1", "v1");
      mesh.run("orders-2", "v1");
      mesh.applyPolicy("retry: {attempts: 0}");
      ControlPlane server = mesh.startServer();
      mesh.startGateway(server);
      mesh.awaitAnswers();
      SluiceCommandLine sluice = new SluiceCommandLine(server.adminAddress().getPort());
      try (ContinuousTraffic traffic = mesh.client().keepSending()) {
        await().until(() -> traffic.await(50).instances().size() == 2);

        assertThat(sluice.succeed("drain", "orders.drain", "orders-2", "--reason", "it leaks"))
            .contains("(pod orders-2) of orders.drain drains", "1/1 proxies have it");

        long returned = System.nanoTime();
        assertThat(traffic.awaitSentAfter(returned, 500).instances()).containsOnlyKeys("orders-1");
        assertThat(cluster.kubectl("get", "instanceoverrides", "-n", "drain"))
            .contains("drain-orders-orders-2-", "orders", "drain");
        assertThat(json("{.items[0].metadata.annotations.sluice\\.dev/reason}"))
            .isEqualTo("it leaks");
        String uid = json("{.items[0].metadata.uid}");

        // Its time counts anew though the object is the one before.
        Instant asked = Instant.now();
        sluice.succeed("drain", "orders", "orders-2", "--expires-in", "10s");
        assertThat(json("{.items[*].metadata.uid}")).isEqualTo(uid);
        Instant created = Instant.parse(json("{.items[0].metadata.creationTimestamp}"));
        Duration length = Durations.parse(json("{.items[0].spec.expiresIn}"));
        assertThat(created.plus(length))
            .isBetween(asked.plusSeconds(10), Instant.now().plusSeconds(11));
        await().until(() -> traffic.await(50).instances().containsKey("orders-2"));

        // What the second said is not left in the third.
        sluice.succeed("drain", "orders.drain", "orders-2");
        assertThat(json("{.items[0].spec.expiresIn}")).isEmpty();
        assertThat(json("{.items[*].metadata.uid}")).isEqualTo(uid);
        assertThat(sluice.succeed("restore", "orders.drain", "orders-2")).contains("is back");
        assertThat(json("{.items}")).isEqualTo("[]");
        await().until(() -> traffic.await(50).instances().containsKey("orders-2"));
        assertThat(traffic.stop().failures()).isEmpty();
      }
    }
  }

  @Test
  void aServerWithoutThePermissionSaysWhichItNeeds() {
    try (KubernetesMesh mesh = new KubernetesMesh(cluster, "readers")) {
      mesh.run("orders-1", "v1");
      mesh.run("orders-2", "v1");
      ServiceAccount reader =
          new ServiceAccount(cluster, "readers", "reader")
              .grantDocuments()
              .grant("services,pods,endpoints,endpointslices.discovery.k8s.io");
      Path kubeconfig = cluster.kubeconfig("reader.kubeconfig", reader.token());
      ControlPlane server = mesh.startServer(mesh.settings(kubeconfig, Duration.ofSeconds(60)));
      await().until(() -> mesh.addresses(server, "orders").size() == 2);
      SluiceCommandLine sluice = new SluiceCommandLine(server.adminAddress().getPort());

      await()
          .untilAsserted(
              () ->
                  assertThat(sluice.expect(3, "drain", "orders.readers", "orders-2"))
                      .contains(
                          "may not create instanceoverrides.sluice.dev in the namespace readers")
                      .contains("kubernetes.overrides"));
      assertThat(cluster.kubectl("get", "io", "-n", "readers", "-o", "name")).isEmpty();
    }
  }

  private static String json(String path) {
    return cluster.kubectl("get", "instanceoverrides", "-n", "drain", "-o", "jsonpath=" + path);
  }
}
