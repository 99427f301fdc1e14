package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.catalog.ServiceId;
import dev.sluice.server.admin.ControlPlane;
import dev.sluice.server.app.SluiceServer;
import dev.sluice.server.settings.ServerSettings;
import dev.sluice.server.settings.SettingsFile;
import dev.sluice.source.SourceStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the service account that the chart makes may do in a real cluster, by its token alone. */
@NeedsHelm
@NeedsKubernetes
class PermissionsTest {
  private static final String ORDERS =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: orders, namespace: shop}
      spec:
        selector: {app: orders}
        ports: [{name: http, port: 80, targetPort: http}]
      ---
      apiVersion: sluice.dev/v1
      kind: TrafficPolicy
      metadata: {name: orders, namespace: shop}
      spec:
        target: {service: orders}
        timeouts: {request: 5s}
      """;

  @TempDir private static Path folder;
  private static KubernetesCluster cluster;
  private static Path kubeconfig;

  @BeforeAll
  static void theChartIsInstalledTwice() throws IOException {
    cluster = KubernetesCluster.start(Files.createDirectory(folder.resolve("cluster")));
    for (String namespace : new String[] {"sluice-system", "narrow", "shop", "edge"}) {
      cluster.kubectl("create", "namespace", namespace);
    }
    install(
        "sluice-system",
        "--set=rbac.secrets[0].namespace=edge",
        "--set=rbac.secrets[0].names={example-cert}");
    install(
        "narrow",
        "--skip-crds",
        "--set=kubernetes.namespaces={shop}",
        "--set=kubernetes.nodes=false",
        "--set=kubernetes.overrides=true",
        "--set=webhook.enabled=false");
    kubeconfig = kubeconfig("sluice-system");
    cluster.kubectl("wait", "--for=condition=Established", "customresourcedefinitions", "--all");
    cluster.apply(ORDERS);
  }

  private static void install(String namespace, String... values) {
    List<String> command =
        new ArrayList<>(List.of("install", "sluice", Helm.CHART.toString(), "-n", namespace));
    command.add("--kubeconfig=" + cluster.kubeconfig());
    command.addAll(List.of(values));
    new Helm(folder).run(command.toArray(String[]::new));
  }

  /** Of the service account that the chart made in a namespace, by a token of its. */
  private static Path kubeconfig(String namespace) {
    String token = cluster.kubectl("create", "token", "sluice", "-n", namespace).strip();
    return cluster.kubeconfig(namespace + ".kubeconfig", token);
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "list services",
        "watch endpointslices.discovery.k8s.io",
        "watch pods",
        "watch endpoints",
        "watch nodes",
        "watch trafficpolicies.sluice.dev",
        "patch gateways.sluice.dev --subresource=status -n shop",
        "create events.events.k8s.io -n shop",
        "create leases.coordination.k8s.io -n sluice-system",
        "patch leases.coordination.k8s.io/sluice-kubernetes -n sluice-system",
        "create configmaps -n sluice-system",
        "watch configmaps/sluice-kubernetes-proxies -n sluice-system",
        "patch configmaps/sluice-kubernetes-proxies -n sluice-system",
        "watch secrets/example-cert -n edge"
      })
  void itMayDoWhatItHasTo(String action) {
    assertThat(may(action)).as(action).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "list secrets -n edge",
        "get secrets/another -n edge",
        "get secrets -n sluice-system",
        "get secrets/example-cert -n edge",
        "get services -n shop",
        "get pods -n shop",
        "get nodes",
        "get configmaps -n sluice-system",
        "patch configmaps/another -n sluice-system",
        "update leases.coordination.k8s.io/sluice-kubernetes -n sluice-system",
        "delete pods -n shop",
        "patch services -n shop",
        "patch trafficpolicies.sluice.dev -n shop",
        "create instanceoverrides.sluice.dev -n shop",
        "patch instanceoverrides.sluice.dev -n shop",
        "delete instanceoverrides.sluice.dev -n shop",
        "update trafficpolicies.sluice.dev --subresource=status -n shop",
        "list events.events.k8s.io -n shop",
        "delete events.events.k8s.io -n shop",
        "patch leases.coordination.k8s.io/another -n sluice-system",
        "create leases.coordination.k8s.io -n shop",
        "delete leases.coordination.k8s.io/sluice-kubernetes -n sluice-system",
        "create pods --subresource=exec -n shop",
        "impersonate users"
      })
  void itMayDoNothingElse(String action) {
    assertThat(may(action)).as(action).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"get", "create", "patch", "delete"})
  void overridesAreWrittenWhereThatIsSwitchedOnAndInTheNamespacesThatAreWatched(String verb) {
    Path narrow = kubeconfig("narrow");

    assertThat(may(verb + " instanceoverrides.sluice.dev -n shop", narrow)).isTrue();
    assertThat(may(verb + " instanceoverrides.sluice.dev -n edge", narrow)).isFalse();
    assertThat(may("delete trafficpolicies.sluice.dev -n shop", narrow)).isFalse();
  }

  @Test
  void theTokenIsWhatItIsAskedBy() {
    assertThat(cluster.kubectl("auth", "whoami", "--kubeconfig=" + kubeconfig))
        .contains("system:serviceaccount:sluice-system:sluice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"sluice-system", "narrow"})
  void theServerKnowsItsClusterByThatTokenAndTheChartsConfiguration(String namespace)
      throws IOException {
    ServerSettings settings = settings(namespace);
    takeAwayTheStatus();
    try (ControlPlane server = SluiceServer.start(settings);
        ControlPlane another = SluiceServer.start(settings)) {
      await()
          .untilAsserted(
              () ->
                  assertThat(server.views().sources().get())
                      .isNotEmpty()
                      .allMatch(source -> source.state() == SourceStatus.State.SYNCED));

      assertThat(server.views().image().get().catalog().services())
          .containsKey(new ServiceId("orders", "shop"));
      assertThat(server.views().policies().get()).hasSize(1);
      await().until(() -> !ofOrders(".status.observedGeneration").isEmpty());
      assertThat(another.xdsAddress()).isNotEqualTo(server.xdsAddress());
      await().until(() -> boardOf(namespace).contains("binaryData"));
    }
  }

  private static void takeAwayTheStatus() {
    String command = "patch tp orders -n shop --subresource=status --type=json -p";
    List<String> words = new ArrayList<>(List.of(command.split(" ", -1)));
    words.add("[{op: add, path: /status, value: {}}]");
    cluster.kubectl(words.toArray(String[]::new));
    assertThat(ofOrders(".status.observedGeneration")).isEmpty();
  }

  private static String ofOrders(String path) {
    return cluster.kubectl("get", "tp", "orders", "-n", "shop", "-o", "jsonpath={" + path + "}");
  }

  private static String boardOf(String namespace) {
    return cluster
        .tryKubectl("get", "configmap", "sluice-kubernetes-proxies", "-n", namespace, "-o", "yaml")
        .output();
  }

  /** The configuration that a pod of the release has, but with ports and files of this machine. */
  private static ServerSettings settings(String namespace) throws IOException {
    String text = ofRelease(namespace, "configmap/sluice", "sluice\\.yaml");
    Path files = Files.createDirectory(folder.resolve("of-" + namespace));
    if (text.contains("webhook:")) {
      for (String file : List.of("tls.crt", "tls.key")) {
        String secret = ofRelease(namespace, "secret/sluice-webhook", file.replace(".", "\\."));
        Files.write(files.resolve(file), Base64.getDecoder().decode(secret));
      }
    }
    String here =
        text.replaceAll("(0\\.0\\.0\\.0|127\\.0\\.0\\.1):\\d+", "127.0.0.1:0")
            .replace("/etc/sluice/webhook/", files + "/")
            .replace(
                "name: kubernetes\n",
                "name: kubernetes\n    kubeconfig: %s\n    leaseNamespace: %s\n"
                    .formatted(kubeconfig(namespace), namespace));
    SettingsFile.Reading reading = SettingsFile.read(files.resolve("sluice.yaml"), here, Map.of());
    assertThat(reading.problems()).as(here).isEmpty();
    return reading.given().complete();
  }

  private static String ofRelease(String namespace, String object, String key) {
    return cluster.kubectl("get", object, "-n", namespace, "-o", "jsonpath={.data." + key + "}");
  }

  private static boolean may(String action) {
    return may(action, kubeconfig);
  }

  private static boolean may(String action, Path who) {
    String[] words = ("auth can-i " + action + " --kubeconfig=" + who).split(" ", -1);
    return cluster.tryKubectl(words).succeeded();
  }
}
