package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.node.Role;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rollouts whose change three real Envoys refuse, under traffic. */
@NeedsEnvoy
class RolloutRefusedTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String COMPLAINTS = "rejected|Error adding/updating|Invalid path";

  @TempDir private Path folder;
  @TempDir private Path scripts;

  /**
   * The routes run a script, whose file has gone by the time that the shares change: so Envoy takes
   * the routes as they are, and none that are new.
   */
  @Test
  void aStepThatEnvoysRefuseGoesBackAndComesToItsEndOnceTheyTakeIt() throws IOException {
    Path script = scripts.resolve("script.lua");
    Files.writeString(script, "function envoy_on_response(response) end\n");
    String policy =
        Documents.versions("v1", "v2")
            + """
            rollout: {canary: {from: v1, to: v2, steps: [{weight: 30, hold: 1s}]}}
            envoy:
              routes:
                - names: [split]
                  patch:
                    typed_per_filter_config:
                      envoy.filters.http.lua:
                        "@type": type.googleapis.com/envoy.extensions.filters.http.lua.v3.LuaPerRoute
                        source_code: {filename: "%s"}
            """
                .formatted(script);
    try (TestMesh mesh = new TestMesh("refused-step", folder)) {
      TestBackend former = mesh.backend("v1", "a");
      TestBackend newer = mesh.backend("v2", "b");
      mesh.saveOrders(former);
      mesh.savePolicy(policy);
      List<ContinuousTraffic> traffic = envoys(mesh);
      await(mesh, it -> it.path("proxies").path("acknowledged").asInt() == 3);

      Files.delete(script);
      mesh.saveOrders(former, newer);

      JsonNode reverted = await(mesh, it -> it.path("phase").asText().equals("REVERTED"));
      assertThat(reverted.path("message").asText())
          .matches("refused-step-(sidecar|sidecar-2|gateway) refused it: .*script\\.lua.*");
      assertThat(reverted.path("proxies").path("acknowledged").asInt()).isEqualTo(3);
      for (ContinuousTraffic one : traffic) {
        assertThat(one.awaitSentAfter(System.nanoTime(), 50).versions()).containsOnlyKeys("v1");
      }

      Files.writeString(script, "function envoy_on_response(response) end\n");
      ask(mesh, "resume");
      await(mesh, it -> it.path("phase").asText().equals("COMPLETE"));
      for (ContinuousTraffic one : traffic) {
        assertThat(one.awaitSentAfter(System.nanoTime(), 50).versions()).containsOnlyKeys("v2");
        assertThat(one.stop().failures()).isEmpty();
      }
    }
  }

  @Test
  void aNewVersionWhoseClusterEnvoysRefuseGetsNothingUntilItIsMended() {
    try (TestMesh mesh = new TestMesh("refused-cluster", folder)) {
      mesh.saveOrders(mesh.backend("v1", "a"), mesh.backend("v2", "b"));
      mesh.savePolicy(Documents.split(1, 0));
      List<ContinuousTraffic> traffic = envoys(mesh);
      String canary =
          Documents.versions("v1", "v2")
              + "rollout: {silentAfter: 3s, canary: {from: v1, to: v2, steps: [{weight: 30}]}}\n";

      mesh.savePolicy(
          canary
              + """
              envoy:
                clusters:
                  - versions: [v2]
                    patch: {transport_socket: {name: no.such.socket}}
              """);
      JsonNode refused = await(mesh, it -> !it.path("proxies").path("refused").isEmpty());
      assertThat(refused.path("proxies").path("refused").toString()).contains("no.such.socket");
      Awaitility.await()
          .during(Duration.ofSeconds(5))
          .atMost(Duration.ofSeconds(10))
          .until(() -> mesh.rollout().path("versions").path(1).path("percent").asInt() == 0);

      mesh.savePolicy(canary.replace("silentAfter: 3s, ", "")); // All are to be waited for.
      await(mesh, it -> it.path("phase").asText().equals("COMPLETE"));
      for (ContinuousTraffic one : traffic) {
        assertThat(one.awaitSentAfter(System.nanoTime(), 50).versions()).containsOnlyKeys("v2");
        assertThat(one.stop().failures()).isEmpty();
      }
    }
  }

  /** Two sidecars and a gateway, each under traffic. */
  private static List<ContinuousTraffic> envoys(TestMesh mesh) {
    List<ContinuousTraffic> traffic = new ArrayList<>();
    for (Role role : List.of(Role.SIDECAR, Role.SIDECAR, Role.GATEWAY)) {
      if (!traffic.isEmpty() && role == Role.SIDECAR) {
        mesh.goToNextSidecar();
      }
      mesh.start(role).expectComplaint(COMPLAINTS);
      traffic.add(mesh.client(role).keepSending());
    }
    traffic.forEach(one -> one.await(20));
    return traffic;
  }

  private static JsonNode await(TestMesh mesh, Predicate<JsonNode> condition) {
    return Awaitility.await().atMost(PATIENCE).until(mesh::rollout, condition);
  }

  private static void ask(TestMesh mesh, String verb) {
    Answer answer =
        TrafficClient.to(mesh.server().adminAddress().getPort(), "127.0.0.1")
            .asking("POST")
            .at("/v1/rollouts/shop/orders/" + verb)
            .once();
    assertThat(answer.status()).isEqualTo(200);
  }
}
