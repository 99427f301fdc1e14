package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.server.rollout.Phase;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two replicas carry out rollouts whose policies are custom resources. */
@NeedsKubernetes
@NeedsEnvoy
@Tag("waiting")
class RolloutReplicasKubernetesTest {
  private static final String NAMESPACE = "rolled";

  @TempDir static Path folder;

  private static KubernetesCluster cluster;
  private static KubernetesMesh mesh;
  private static ReplicaPair pair;
  private static RolloutReplicas rollouts;

  @BeforeAll
  static void start() {
    Awaitility.setDefaultTimeout(RolloutReplicas.TIMEOUT);
    cluster = KubernetesCluster.start(folder);
    cluster.installDefinitions();
    mesh = new KubernetesMesh(cluster, NAMESPACE);
    mesh.run("orders-1", "v1");
    mesh.run("orders-2", "v1");
    mesh.run("orders-3", "v2");
    Place place = new Place();
    place.save(Documents.split(1, 0));
    pair = new ReplicaPair(folder, place, NAMESPACE);
    pair.startTraffic();
    rollouts = new RolloutReplicas(place, pair);
  }

  @AfterAll
  static void stop() {
    pair.close();
    mesh.close();
    cluster.close();
  }

  @Test
  void aStepWaitsForTheProxiesOfBothReplicas() {
    rollouts.countsTheProxiesOfBoth();
    await()
        .untilAsserted(
            () -> {
              assertThat(condition("status")).isEqualTo("False");
              assertThat(condition("reason")).isEqualTo("Complete");
              assertThat(status("split")).isEqualTo("canary");
            });
    await()
        .untilAsserted(
            () ->
                assertThat(cluster.kubectl("get", "events.events.k8s.io", "-n", NAMESPACE))
                    .contains("Shifting", "Approving", "Complete", "trafficpolicy/orders"));
  }

  @Test
  void aReplicaThatStartsInTheMiddleServesTheSharesOfThatMoment() {
    rollouts.servesTheSharesOfThatMomentFromTheFirstOn();
  }

  @Test
  void aLeaderThatWasStoppedWritesNothingWhenItWakes() {
    rollouts.whoWakesAndLeadsNoMoreWritesNothing();
  }

  @ParameterizedTest
  @EnumSource(names = {"READYING", "SHIFTING", "HOLDING", "APPROVING", "KEEPING", "REVERTING"})
  void theNextLeaderGoesOnWhereTheKilledOneStood(Phase phase) {
    rollouts.endsRightWhenTheLeaderIsKilledIn(phase);
  }

  private static String condition(String field) {
    return status("conditions[?(@.type==\"RolloutProgressing\")]." + field);
  }

  private static String status(String path) {
    return cluster.kubectl(
        "get", "tp", "orders", "-n", NAMESPACE, "-o", "jsonpath={.status." + path + "}");
  }

  private static final class Place implements RolloutPlace {
    @Override
    public String configuration() {
      return "sources: {kubernetes: [{name: dc1, kubeconfig: %s, namespaces: [%s]}]}\n"
          .formatted(cluster.kubeconfig(), NAMESPACE);
    }

    @Override
    public void save(String sections) {
      mesh.applyPolicy(sections);
    }

    @Override
    public JsonNode kept() {
      var policy =
          cluster
              .client()
              .genericKubernetesResources("sluice.dev/v1", "TrafficPolicy")
              .inNamespace(NAMESPACE)
              .withName("orders")
              .get();
      return ReplicaPair.json(cluster.client().getKubernetesSerialization().asJson(policy))
          .path("status")
          .path("rollout");
    }

    @Override
    public String leader() {
      return cluster
          .kubectl(
              "get",
              "lease",
              "sluice-dc1",
              "-n",
              "default",
              "--ignore-not-found",
              "-o",
              "jsonpath={.spec.holderIdentity}")
          .strip();
    }

    @Override
    public void readyV2(boolean ready) {
      mesh.pods().ready("orders-3", ready);
    }
  }
}
