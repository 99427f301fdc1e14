package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.e2e.KubernetesCluster.CommandResult;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** A real API server knows our kinds, takes every right document, and shows them to people. */
@NeedsKubernetes
class CustomResourcesTest {
  private static final String CANARY =
      """
      apiVersion: sluice.dev/v1
      kind: TrafficPolicy
      metadata: {name: orders, namespace: shop}
      spec:
        target: {service: orders}
        versions: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
        split: {weights: {v1: 90, v2: 10}}
      """;

  private static final String STATUS =
      """
      {"status": {"observedGeneration": 1, "split": "v1=90,v2=10", "programmed": "12/12",
        "proxies": {"acknowledged": 12, "concerned": 12},
        "conditions": [{"type": "Accepted", "status": "True", "reason": "Accepted", "message": "in force",
          "observedGeneration": 1, "lastTransitionTime": "2026-01-31T12:00:00Z"}]}}
      """;

  @TempDir private static Path folder;
  private static KubernetesCluster cluster;

  @BeforeAll
  static void aClusterThatKnowsOurKinds() {
    cluster = KubernetesCluster.start(folder);
    CustomResourceFiles.install(cluster);
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  static List<Path> examples() {
    return CustomResourceFiles.examples();
  }

  static List<Path> goldens() {
    return CustomResourceFiles.goldens();
  }

  @ParameterizedTest
  @MethodSource("examples")
  void everyExampleIsTakenAsItIsWritten(Path file) {
    assertTaken(cluster.tryKubectl("apply", "--dry-run=server", "-f", file.toString()));
  }

  @ParameterizedTest
  @MethodSource("goldens")
  void everyRightPolicyIsTaken(Path file) {
    String json = CustomResourceFiles.json(file);
    assertTaken(cluster.tryKubectlWith(json, "apply", "--dry-run=server", "-f", "-"));
  }

  @Test
  void thereAreDocumentsOfEverySort() {
    assertThat(examples()).hasSizeGreaterThan(20);
    assertThat(goldens()).hasSizeGreaterThan(20);
  }

  private static void assertTaken(CommandResult result) {
    assertThat(result.succeeded()).as(result.output()).isTrue();
  }

  @Test
  void policiesAreListedWithTargetSplitAndWhatBecameOfThem() {
    cluster.apply(CANARY);
    cluster.kubectl(
        "patch",
        "tp",
        "orders",
        "-n",
        "shop",
        "--subresource=status",
        "--type=merge",
        "-p",
        STATUS);

    List<String> table = cluster.kubectl("get", "tp", "-n", "shop").lines().toList();
    assertThat(table.getFirst().split(" +"))
        .containsExactly("NAME", "TARGET", "SPLIT", "ACCEPTED", "PROGRAMMED", "AGE");
    assertThat(table.get(1)).matches("orders +orders +v1=90,v2=10 +True +12/12 +\\d+s");
    assertThat(cluster.kubectl("get", "sluice", "-n", "shop")).contains("orders");
  }

  @ParameterizedTest
  @CsvSource({
    "tp.spec.split, how calls are divided among the versions",
    "tp.spec.split.weights, share by version name",
    "sgw.spec.listeners.tls, the certificate that it shows",
    "io.spec.state, what becomes of them",
    "ss.spec.endpoints, the instances",
    "tp.status.programmed, acknowledged/concerned"
  })
  void keysAreExplained(String key, String words) {
    assertThat(cluster.kubectl("explain", key)).contains(words);
  }

  @Test
  void anApplyOfOneSideLeavesTheStatusOfTheOther() {
    cluster.apply(CANARY.replace("name: orders,", "name: stock,"));
    cluster.kubectl(
        "patch", "tp", "stock", "-n", "shop", "--subresource=status", "--type=merge", "-p", STATUS);
    cluster.apply(CANARY.replace("name: orders,", "name: stock,").replace("90", "80"));

    assertThat(
            cluster.kubectl(
                "get",
                "tp",
                "stock",
                "-n",
                "shop",
                "-o",
                "jsonpath={.status.programmed} {.spec.split.weights.v1}"))
        .isEqualTo("12/12 80");
  }
}
