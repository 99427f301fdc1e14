package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.catalog.Locality;
import dev.sluice.catalog.ServiceId;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.server.admin.ControlPlane;
import dev.sluice.server.app.SluiceServer;
import dev.sluice.server.bootstrap.EnvoyBootstrap;
import dev.sluice.server.bootstrap.EnvoyBootstrap.Variant;
import dev.sluice.server.bootstrap.ProxyNode;
import dev.sluice.server.settings.HostPort;
import dev.sluice.server.settings.KubernetesSettings;
import dev.sluice.server.settings.ServerSettings;
import dev.sluice.server.settings.SourceSettings;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.client.Watch;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What became of a custom resource stands in its status, written by one replica at a time. */
@NeedsEnvoy
@NeedsKubernetes
class KubernetesStatusTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String LEASE_HOLDER = "jsonpath={.spec.holderIdentity}";

  private static final String ORDERS =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: orders, namespace: shop}
      spec:
        selector: {app: orders}
        ports: [{name: http, port: 80, targetPort: http}]
      """;

  private static final String POLICY =
      """
      apiVersion: sluice.dev/v1
      kind: TrafficPolicy
      metadata: {name: orders, namespace: shop}
      spec:
        target: {service: orders}
        versions: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
        split: {weights: {v1: %s, v2: 10}}
      """;

  private static final String OTHERS =
      """
      apiVersion: sluice.dev/v1
      kind: InstanceOverride
      metadata: {name: orders-out, namespace: shop}
      spec: {service: orders, match: {address: 10.244.0.2}, state: drain}
      ---
      apiVersion: sluice.dev/v1
      kind: StaticService
      metadata: {name: vm, namespace: shop}
      spec: {ports: [{port: 80}], endpoints: [{address: 10.9.0.1, port: 8080}]}
      """;

  @TempDir static Path folder;
  private static KubernetesCluster cluster;

  @BeforeAll
  static void startCluster() {
    cluster = KubernetesCluster.start(folder);
    cluster.installDefinitions();
    Pods pods = new Pods(cluster.client(), "shop");
    pods.node("node-1", "north", "north-a");
    cluster.apply(ORDERS);
    pods.run("v1", Map.of("app", "orders", "version", "v1"), "10.244.0.1", 8080, "node-1");
    pods.run("v2", Map.of("app", "orders", "version", "v2"), "10.244.0.2", 8080, "node-1");
  }

  @AfterAll
  static void stopCluster() {
    cluster.close();
  }

  /** Of the test before it, whose status would be taken for this one's. */
  @AfterEach
  void deletePolicy() {
    cluster.kubectl("delete", "tp", "orders", "-n", "shop");
  }

  private static ControlPlane server() throws IOException {
    return server(List.of());
  }

  private static ControlPlane server(List<Path> files) throws IOException {
    HostPort any = new HostPort("127.0.0.1", 0);
    return SluiceServer.start(
        ServerSettings.of(List.of(), any, any)
            .withSources(
                new SourceSettings(
                    files,
                    List.of(),
                    List.of(KubernetesSettings.of("test", cluster.kubeconfig())),
                    List.of())));
  }

  private static EnvoyProcess sidecar(ControlPlane server, String id) {
    NodeGroup front =
        new NodeGroup(
            Role.SIDECAR,
            new ServiceId("front", "shop"),
            new TreeSet<>(),
            new TreeMap<>(),
            Locality.UNKNOWN,
            Ports.free(),
            List.of(),
            List.of());
    String bootstrap =
        new EnvoyBootstrap(
                new ProxyNode(id, front),
                new HostPort("127.0.0.1", server.xdsAddress().getPort()),
                0,
                Variant.DELTA,
                null)
            .yaml();
    return EnvoyProcess.start(id, bootstrap).awaitLive();
  }

  private static String status(String jsonPath) {
    return cluster.kubectl(
        "get", "tp", "orders", "-n", "shop", "-o", "jsonpath={" + jsonPath + "}");
  }

  private static String condition(String type, String field) {
    return status(".status.conditions[?(@.type==\"" + type + "\")]." + field);
  }

  @Test
  @SuppressWarnings("try") // The first replica ends in the middle of the test.
  void aPolicySaysWhatBecameOfItAndAReplicaTakesOverFromTheOneThatEnds() throws IOException {
    cluster.apply(POLICY.formatted(90));
    try (ControlPlane first = server();
        EnvoyProcess _ = sidecar(first, "front-1")) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(cluster.kubectl("get", "tp", "-n", "shop"))
                    .containsPattern("orders +orders +v1=90,v2=10 +True +1/1");
                assertThat(condition("Programmed", "status")).isEqualTo("True");
                assertThat(condition("ResolvedRefs", "status")).isEqualTo("True");
              });
      String since = condition("Accepted", "lastTransitionTime");
      String version = status(".metadata.resourceVersion");

      try (ControlPlane second = server()) {
        assertThat(second.xdsAddress()).isNotEqualTo(first.xdsAddress());
        // What the definition's own rules cannot tell.
        cluster.apply(POLICY.formatted(90) + "  circuitBreaker: {outlier: {gatewayErrors: 5}}\n");
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () -> {
                  assertThat(condition("Accepted", "status")).isEqualTo("False");
                  assertThat(condition("Accepted", "reason")).isEqualTo("Invalid");
                  assertThat(condition("Accepted", "message"))
                      .contains("$.spec.circuitBreaker.outlier.gatewayErrors");
                  assertThat(status(".status.observedGeneration"))
                      .isEqualTo(status(".metadata.generation"));
                });
        assertThat(status(".metadata.resourceVersion")).isNotEqualTo(version);
        String holder = holder();
        first.close();
        cluster.apply(POLICY.formatted(50));
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () -> {
                  assertThat(condition("Accepted", "status")).isEqualTo("True");
                  assertThat(status(".status.split")).isEqualTo("v1=50,v2=10");
                });
        assertThat(holder()).isNotEqualTo(holder);
        assertThat(condition("Accepted", "lastTransitionTime")).isGreaterThan(since);
      }
    }
  }

  @Test
  @SuppressWarnings("try") // The second replica ends in the middle of the test.
  void theProxiesOfAllReplicasAreCounted() throws IOException {
    cluster.apply(POLICY.formatted(90));
    try (ControlPlane first = server();
        EnvoyProcess _ = sidecar(first, "front-1");
        ControlPlane second = server();
        EnvoyProcess _ = sidecar(second, "front-2")) {
      awaitStatus("2/2");
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(replicasThatLeaveTheirCounts()).hasSize(1));

      List<String> written = new CopyOnWriteArrayList<>();
      try (Watch _ = policies().watch(new StatusLog(written))) {
        for (int weight = 71; weight < 76; weight++) {
          String split = "v1=" + weight + ",v2=10";
          cluster.apply(POLICY.formatted(weight));
          await().atMost(PATIENCE).until(() -> status(".status.split").equals(split));
          awaitStatus("2/2");
          assertThat(condition("Programmed", "status")).isEqualTo("True");
        }
      }
      assertThat(written).anyMatch(one -> one.equals("True 2/2"));
      assertThat(written).as("too early").noneMatch(one -> one.matches("True .*(?<!2/2)"));

      second.close();
      awaitStatus("1/1");
      await().atMost(PATIENCE).until(() -> replicasThatLeaveTheirCounts().isEmpty());
    }
  }

  @Test
  void aDocumentThatIsMadeAgainAtOnceHasAStatusOfItsOwn() throws IOException {
    cluster.apply(POLICY.formatted(90));
    try (ControlPlane server = server();
        EnvoyProcess _ = sidecar(server, "front-1")) {
      awaitStatus("1/1");
      String uid = status(".metadata.uid");
      cluster.kubectl("delete", "tp", "orders", "-n", "shop");
      cluster.apply(POLICY.formatted(90));
      assertThat(status(".metadata.uid")).isNotEqualTo(uid);
      awaitStatus("1/1");
    }
  }

  @Test
  void whatAnotherSourceHidesIsToldSoInItsStatus() throws IOException {
    cluster.apply(POLICY.formatted(90));
    Path file = Files.writeString(folder.resolve("orders.yaml"), POLICY.formatted(10));
    try (ControlPlane _ = server(List.of(file))) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> assertThat(condition("Accepted", "message")).contains("is hidden by " + file));
      assertThat(condition("Accepted", "status")).isEqualTo("False");
    }
  }

  private static void awaitStatus(String programmed) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(status(".status.programmed")).isEqualTo(programmed);
              assertThat(status(".status.observedGeneration"))
                  .isEqualTo(status(".metadata.generation"));
            });
  }

  private static Resource<GenericKubernetesResource> policies() {
    return cluster
        .client()
        .genericKubernetesResources("sluice.dev/v1", "TrafficPolicy")
        .inNamespace("shop")
        .withName("orders");
  }

  /** Keeps what a policy's status says of being programmed, each time that it changes. */
  private record StatusLog(List<String> written) implements Watcher<GenericKubernetesResource> {
    @Override
    public void eventReceived(Action action, GenericKubernetesResource policy) {
      String holds = policy.get("status", "conditions", 2, "status");
      String programmed = policy.get("status", "programmed");
      written.add(holds + " " + programmed);
    }

    @Override
    public void onClose(WatcherException cause) {
      written.add("the watch ended: " + cause.getMessage());
    }
  }

  @Test
  void allKindsSayHowManyProxiesHaveThem() throws IOException {
    cluster.apply(POLICY.formatted(90));
    cluster.apply(OTHERS);
    try (ControlPlane server = server();
        EnvoyProcess _ = sidecar(server, "front-1")) {
      for (String kind : List.of("io/orders-out", "ss/vm")) {
        await().atMost(PATIENCE).until(() -> programmed(kind).equals("1/1"));
      }
    } finally {
      cluster.kubectl("delete", "io/orders-out", "ss/vm", "-n", "shop");
    }
  }

  private static String programmed(String object) {
    return cluster.kubectl("get", object, "-n", "shop", "-o", "jsonpath={.status.programmed}");
  }

  private static Set<String> replicasThatLeaveTheirCounts() {
    ConfigMap board =
        cluster
            .client()
            .configMaps()
            .inNamespace("default")
            .withName("sluice-test-proxies")
            .require();
    return Objects.requireNonNullElse(board.getBinaryData(), Map.<String, String>of()).keySet();
  }

  private static String holder() {
    return cluster.kubectl("get", "lease", "sluice-test", "-n", "default", "-o", LEASE_HOLDER);
  }
}
