package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A real API server takes what is installed: chart, plain manifests and examples. */
@NeedsHelm
@NeedsKubernetes
class InstallationTest {
  private static final Path DEPLOY = EnvoyProcess.repository().resolve("deploy");

  /** Kinds of others that the chart can make, with any contents. */
  private static final List<String> FOREIGN =
      List.of(
          foreign("certificates", "Certificate", "cert-manager.io", "v1"),
          foreign("issuers", "Issuer", "cert-manager.io", "v1"),
          foreign("servicemonitors", "ServiceMonitor", "monitoring.coreos.com", "v1"));

  @TempDir private static Path folder;
  private static KubernetesCluster cluster;
  private static Helm helm;

  @BeforeAll
  static void aCluster() throws IOException {
    cluster = KubernetesCluster.start(Files.createDirectory(folder.resolve("cluster")));
    helm = new Helm(folder);
    cluster.apply(String.join("---\n", FOREIGN));
    cluster.kubectl("apply", "-k", DEPLOY.resolve("crds").toString());
    cluster.apply(
        Stream.of("sluice-system", "shop", "edge")
            .map(InstallationTest::namespace)
            .collect(Collectors.joining("---\n")));
    cluster.kubectl("wait", "--for=condition=Established", "customresourcedefinitions", "--all");
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  @Test
  void theChartIsTakenWithItsOwnValues() {
    assertThat(accepted(helm.template())).contains("deployment.apps/sluice");
  }

  @Test
  void theChartIsTakenWithEverythingSwitchedOn() {
    assertThat(accepted(helm.template("--values", Helm.EVERYTHING.toString())))
        .contains("horizontalpodautoscaler", "servicemonitor", "certificate.cert-manager.io");
  }

  @ParameterizedTest
  @ValueSource(strings = {"base", "webhook"})
  void thePlainManifestsAreTaken(String name) {
    String directory = DEPLOY.resolve("kustomize").resolve(name).toString();

    assertThat(accepted(cluster.kubectl("kustomize", directory)))
        .contains(
            "namespace/sluice-system", "deployment.apps/sluice", "trafficpolicies.sluice.dev");
  }

  @ParameterizedTest
  @ValueSource(strings = {"edge-gateway", "sidecar"})
  void theExamplesAreTaken(String name) {
    assertThat(applied(DEPLOY.resolve("examples").resolve(name))).doesNotContain("Warning");
  }

  @Test
  void theNodeProxyIsTakenAndNeedsNoMoreThanTheMachinesNetwork() {
    String said = applied(DEPLOY.resolve("examples/node-proxy"));

    assertThat(said).contains("daemonset.apps/node-proxy");
    assertThat(said.replace("\\\"", ""))
        .satisfiesAnyOf(
            text -> assertThat(text).doesNotContain("Warning"),
            text -> assertThat(text).contains("host namespaces").doesNotContain("seccompProfile"));
  }

  @Test
  void anUpgradeKeepsTheWebhooksCertificateAndUninstallingLeavesNoRoleBehind() {
    helmOnCluster("install", "sluice", Helm.CHART.toString());
    String first = certificate();
    helmOnCluster("upgrade", "sluice", Helm.CHART.toString(), "--set", "replicas=3");

    assertThat(first).isNotEmpty();
    assertThat(certificate()).isEqualTo(first);
    assertThat(cluster.kubectl("get", "deployment", "sluice", "-n", "sluice-system"))
        .contains("0/3");
    assertThat(bundle()).isNotEmpty().isEqualTo(authority());

    helmOnCluster("uninstall", "sluice");

    assertThat(
            cluster.kubectl(
                "get",
                "clusterroles,clusterrolebindings,validatingwebhookconfigurations",
                "-l",
                "app.kubernetes.io/name=sluice"))
        .contains("No resources found");
    assertThat(cluster.kubectl("get", "all,secrets,roles", "-n", "sluice-system"))
        .contains("No resources found");
  }

  /** A namespace that warns of every pod that could do more than it has to. */
  private static String namespace(String name) {
    return """
        apiVersion: v1
        kind: Namespace
        metadata: {name: %s, labels: {pod-security.kubernetes.io/warn: restricted}}
        """
        .formatted(name);
  }

  private static String certificate() {
    return ofSecret("tls\\.crt");
  }

  private static String authority() {
    return ofSecret("ca\\.crt");
  }

  private static String ofSecret(String key) {
    return cluster.kubectl(
        "get",
        "secret",
        "sluice-webhook",
        "-n",
        "sluice-system",
        "-o",
        "jsonpath={.data." + key + "}");
  }

  private static String bundle() {
    return cluster.kubectl(
        "get",
        "validatingwebhookconfigurations",
        "-o",
        "jsonpath={.items[*].webhooks[*].clientConfig.caBundle}");
  }

  private static void helmOnCluster(String... command) {
    String[] all = new String[command.length + 1];
    System.arraycopy(command, 0, all, 0, command.length);
    all[command.length] = "--kubeconfig=" + cluster.kubeconfig();
    helm.run(all);
  }

  private static String applied(Path directory) {
    return cluster.kubectl("apply", "--dry-run=server", "-f", directory.toString());
  }

  /** What the API server said of manifests that it took, without a warning of any kind. */
  private static String accepted(String manifests) {
    String said = cluster.kubectlWith(manifests, "apply", "--dry-run=server", "-f", "-");
    assertThat(said).doesNotContain("Warning");
    return said;
  }

  private static String foreign(String plural, String kind, String group, String version) {
    return """
        apiVersion: apiextensions.k8s.io/v1
        kind: CustomResourceDefinition
        metadata: {name: %1$s.%3$s}
        spec:
          group: %3$s
          scope: Namespaced
          names: {plural: %1$s, kind: %2$s}
          versions:
            - name: %4$s
              served: true
              storage: true
              schema:
                openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}
        """
        .formatted(plural, kind, group, version);
  }
}
