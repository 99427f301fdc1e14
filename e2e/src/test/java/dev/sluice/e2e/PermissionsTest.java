package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
  @TempDir private static Path folder;
  private static KubernetesCluster cluster;
  private static Path kubeconfig;

  @BeforeAll
  static void theChartIsInstalled() throws IOException {
    cluster = KubernetesCluster.start(Files.createDirectory(folder.resolve("cluster")));
    for (String namespace : new String[] {"sluice-system", "shop", "edge"}) {
      cluster.kubectl("create", "namespace", namespace);
    }
    new Helm(folder)
        .run(
            "install",
            "sluice",
            Helm.CHART.toString(),
            "--set=rbac.secrets[0].namespace=edge",
            "--set=rbac.secrets[0].names={example-cert}",
            "--kubeconfig=" + cluster.kubeconfig());
    String token = cluster.kubectl("create", "token", "sluice", "-n", "sluice-system").strip();
    kubeconfig = cluster.kubeconfig("sluice.kubeconfig", token);
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
        "create leases.coordination.k8s.io -n sluice-system",
        "patch leases.coordination.k8s.io/sluice-kubernetes -n sluice-system",
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
        "get configmaps -n sluice-system",
        "delete pods -n shop",
        "patch services -n shop",
        "patch trafficpolicies.sluice.dev -n shop",
        "update trafficpolicies.sluice.dev --subresource=status -n shop",
        "patch leases.coordination.k8s.io/another -n sluice-system",
        "create leases.coordination.k8s.io -n shop",
        "delete leases.coordination.k8s.io/sluice-kubernetes -n sluice-system",
        "create pods --subresource=exec -n shop",
        "impersonate users"
      })
  void itMayDoNothingElse(String action) {
    assertThat(may(action)).as(action).isFalse();
  }

  @Test
  void theTokenIsWhatItIsAskedBy() {
    assertThat(cluster.kubectl("auth", "whoami", "--kubeconfig=" + kubeconfig))
        .contains("system:serviceaccount:sluice-system:sluice");
  }

  private static boolean may(String action) {
    String[] words = ("auth can-i " + action + " --kubeconfig=" + kubeconfig).split(" ", -1);
    return cluster.tryKubectl(words).succeeded();
  }
}
