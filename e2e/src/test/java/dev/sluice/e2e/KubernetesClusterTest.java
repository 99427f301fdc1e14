package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The control plane that the other tests run against is a real one. */
@NeedsKubernetes
class KubernetesClusterTest {
  /** Controllers take seconds to start. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final String SERVICE =
      """
      apiVersion: v1
      kind: Service
      metadata: {name: orders, namespace: shop}
      spec:
        selector: {app: orders}
        ports: [{name: http, port: 80, targetPort: http}]
      """;

  @Test
  void aPodThatTerminatesServesOnInARealEndpointSlice(@TempDir Path folder) {
    try (KubernetesCluster cluster = KubernetesCluster.start(folder)) {
      Pods pods = new Pods(cluster.client(), "shop");
      pods.node("node-1", "north", "north-a");
      cluster.apply(SERVICE);
      pods.run("orders-1", Map.of("app", "orders"), "10.244.0.1", 8080, "node-1");
      awaitConditions(cluster, "\"ready\":true,\"serving\":true,\"terminating\":false");
      pods.terminate("orders-1");
      awaitConditions(cluster, "\"ready\":false,\"serving\":true,\"terminating\":true");
      cluster.killApiServer();
      assertThat(cluster.tryKubectl("get", "pods", "--request-timeout=2s").succeeded()).isFalse();
      cluster.startApiServer();
      pods.end("orders-1");
      await().atMost(PATIENCE).until(() -> !slices(cluster).contains("10.244.0.1"));
    }
  }

  private static void awaitConditions(KubernetesCluster cluster, String conditions) {
    await().atMost(PATIENCE).untilAsserted(() -> assertThat(slices(cluster)).contains(conditions));
  }

  private static String slices(KubernetesCluster cluster) {
    return cluster.kubectl(
        "get", "endpointslices", "-n", "shop", "-o", "jsonpath={.items[*].endpoints}");
  }
}
