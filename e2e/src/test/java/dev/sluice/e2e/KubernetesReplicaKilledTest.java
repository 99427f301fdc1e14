package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
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

/** One of two replicas, each a process of its own, is killed; the other has all it needs. */
@NeedsKubernetes
@NeedsEnvoy
class KubernetesReplicaKilledTest {
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesReplicaKilledTest.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NAMESPACE = "killed";

  /** The Lease's ten seconds, and the two between tries of whoever would have it, with room. */
  private static final Duration TAKEN_OVER = Duration.ofSeconds(15);

  /** Statistics that move with every configuration that Envoy takes in. */
  private static final String UPDATES =
      "(cluster_manager\\.cds|listener_manager\\.lds|http\\..*\\.rds\\..*|cluster\\..*)"
          + "\\.update_success";

  @TempDir static Path folder;
  private static KubernetesCluster cluster;

  @BeforeAll
  static void startCluster() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(40));
    cluster = KubernetesCluster.start(folder);
    cluster.installDefinitions();
  }

  @AfterAll
  static void stopCluster() {
    Awaitility.reset();
    cluster.close();
  }

  @Test
  void noRequestFailsNothingIsSentAgainAndTheOtherReplicaWritesTheStatuses() {
    try (KubernetesMesh mesh = new KubernetesMesh(cluster, NAMESPACE);
        SluiceProcess one = replica("one").awaitReady();
        Forwarder later = new Forwarder(Ports.free())) {
      mesh.run("orders-1", "v1");
      mesh.run("orders-2", "v2");
      mesh.applyPolicy(Documents.split(50, 50));
      await().until(() -> !holder().isEmpty());
      String first = holder();
      // The first serves the Envoy and holds the Lease: the second comes after both.
      EnvoyProcess envoy = mesh.startGateway(one.xdsPort(), later.port());
      mesh.awaitAnswers();
      awaitProxy(one);
      try (SluiceProcess two = replica("two").awaitReady()) {
        later.to(two.xdsPort());
        await().until(() -> policy("/status/programmed").equals("1/1"));
        Map<String, Long> updates = envoy.stats(UPDATES);
        try (ContinuousTraffic traffic = mesh.client().keepSending(4, Duration.ofMillis(1))) {
          traffic.await(500);
          assertThat(proxies(two)).as("who is connected stays where he is").isEmpty();
          assertThat(holder()).isEqualTo(first);
          String version = policy("/metadata/resourceVersion");

          one.kill();
          long killed = System.nanoTime();
          await().atMost(TAKEN_OVER).until(() -> !holder().equals(first) && !holder().isEmpty());
          LOG.info(
              "{} ms until the Lease was taken over", (System.nanoTime() - killed) / 1_000_000);
          awaitProxy(two);
          await()
              .during(Duration.ofSeconds(3))
              .until(() -> policy("/metadata/resourceVersion").equals(version));

          mesh.applyPolicy(Documents.split(0, 100));
          await().until(() -> traffic.await(100).versions().keySet().equals(Set.of("v2")));
          awaitStatus("v1=0,v2=100");
          awaitProxy(two);
          // The edit comes by the new stream, after whatever else there was to say.
          assertThat(Pushes.of(two.adminPort()).responses())
              .as("only the edit")
              .isEqualTo(Map.of("RDS", 1L));
          Map<String, Long> taken = new TreeMap<>(envoy.stats(UPDATES));
          updates.forEach((name, before) -> taken.merge(name, -before, Long::sum));
          taken.values().removeIf(count -> count == 0);
          assertThat(taken).as("what Envoy took in").hasSize(1).containsValue(1L);
          TrafficReport report = traffic.stop();
          LOG.info("{}", report);
          assertThat(report.failures()).isEmpty();
        }
      }
    }
  }

  private static SluiceProcess replica(String name) {
    return SluiceProcess.start(
        folder,
        name,
        "sources: {kubernetes: [{name: dc1, kubeconfig: %s, namespaces: [%s]}]}\n"
            .formatted(cluster.kubeconfig(), NAMESPACE));
  }

  /** Waits until the status tells of this edition, and sees that it is not written again. */
  private static void awaitStatus(String split) {
    await()
        .untilAsserted(
            () -> {
              assertThat(policy("/status/split")).isEqualTo(split);
              assertThat(policy("/status/observedGeneration"))
                  .isEqualTo(policy("/metadata/generation"));
              assertThat(policy("/status/programmed")).isEqualTo("1/1");
            });
    String version = policy("/metadata/resourceVersion");
    await()
        .during(Duration.ofSeconds(3))
        .until(() -> policy("/metadata/resourceVersion").equals(version));
  }

  private static void awaitProxy(SluiceProcess server) {
    await()
        .until(
            () -> {
              JsonNode proxies = proxies(server);
              return proxies.size() == 1
                  && proxies.path(0).path("synced").asBoolean()
                  && proxies.path(0).path("types").size() == 4;
            });
  }

  private static JsonNode proxies(SluiceProcess server) {
    return json(server.admin("/v1/proxies")).path("proxies");
  }

  /** A value of the policy, by its JSON pointer, as text. */
  private static String policy(String pointer) {
    return json(cluster.kubectl("get", "tp", "orders", "-n", NAMESPACE, "-o", "json"))
        .at(pointer)
        .asText();
  }

  private static String holder() {
    return cluster
        .tryKubectl(
            "get",
            "lease",
            "sluice-dc1",
            "-n",
            "default",
            "--ignore-not-found",
            "-o",
            "jsonpath={.spec.holderIdentity}")
        .output()
        .strip();
  }

  private static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
