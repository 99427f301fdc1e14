package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.sluice.node.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Policies in Consul's key-value store, and nowhere else. */
@NeedsConsul
@NeedsEnvoy
class ConsulPoliciesTest {
  private static final String KEY = "sluice/policies/orders";

  @TempDir Path folder;

  @BeforeEach
  void patience() {
    Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
  }

  @AfterEach
  void noMorePatience() {
    Awaitility.reset();
  }

  @Test
  void aPolicyActsWhileItsKeyIsThereAndABrokenOneLeavesTheLastGood() {
    try (ConsulServer consul =
            ConsulServer.start(folder.resolve("consul"), ConsulOptions.of("dc1"));
        Machines machines = new Machines(consul);
        SluiceProcess sluice = SluiceProcess.start(folder, "sluice", configuration(consul));
        TestMesh mesh = new TestMesh("policies", folder)) {
      machines.run("machine-1", "v1");
      machines.run("machine-2", "v2");
      mesh.connectAt(sluice.awaitReady().xdsPort());
      mesh.start(Role.SIDECAR);
      TrafficClient client = mesh.client(Role.SIDECAR);
      await().until(() -> client.send(50, 1).versions().keySet().equals(Set.of("v1", "v2")));
      try (ContinuousTraffic traffic = client.keepSending(4, Duration.ofMillis(1))) {
        consul.api().putKey(KEY, policy(100, 0));
        awaitVersions(traffic, "v1");
        await()
            .untilAsserted(
                () -> assertThat(sluice.admin("/v1/policies")).contains("\"orders\"", "APPLIED"));

        consul.api().putKey(KEY, policy(0, 100).replace("weights", "wieghts"));
        await()
            .untilAsserted(
                () ->
                    assertThat(sluice.admin("/v1/sources"))
                        .contains("consul/dc1/" + KEY, "wieghts", "SYNCED"));
        assertThat(traffic.await(500).versions()).containsOnlyKeys("v1");

        consul.api().putKey(KEY, policy(0, 100));
        awaitVersions(traffic, "v2");
        await()
            .untilAsserted(() -> assertThat(sluice.admin("/v1/sources")).doesNotContain("wieghts"));

        consul.api().deleteKey(KEY);
        awaitVersions(traffic, "v1", "v2");
        await()
            .untilAsserted(() -> assertThat(sluice.admin("/v1/policies")).doesNotContain("orders"));
        await()
            .untilAsserted(
                () ->
                    assertThat(sluice.admin("/v1/history?service=orders.shop&limit=100"))
                        .contains("new in consul/dc1/" + KEY, "changed in consul/dc1/" + KEY)
                        .contains("gone, was in consul/dc1/" + KEY)
                        .doesNotContain("wieghts"));
        assertThat(sluice.admin("/v1/history?service=stock")).contains("\"revisions\":[]");
        assertThat(traffic.stop().failures()).isEmpty();
      }
    }
  }

  private static String configuration(ConsulServer consul) {
    return """
    sources:
      consul: [{name: dc1, address: "%s", namespace: shop, policies: sluice/policies}]
    """
        .formatted(consul.address());
  }

  private static String policy(int v1, int v2) {
    return Documents.policyOf("orders", Documents.split(v1, v2));
  }

  private static void awaitVersions(ContinuousTraffic traffic, String... versions) {
    await()
        .untilAsserted(() -> assertThat(traffic.await(100).versions()).containsOnlyKeys(versions));
  }
}
