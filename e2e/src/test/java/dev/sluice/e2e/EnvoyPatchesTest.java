package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Parts of Envoy's own messages, merged over what the other sections make. */
@NeedsEnvoy
class EnvoyPatchesTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void patchesOfClustersAndRoutesHoldOnTheEnvoysThatCall(Role role) {
    try (TestMesh mesh = new TestMesh("patches", folder)) {
      mesh.saveOrders(mesh.backend("v1", "a"), mesh.backend("v2", "b"));
      String policy =
          Documents.split(100, 0)
              + """
              routes:
                - name: testers
                  match: [{path: {prefix: /testers}}]
                  to: {version: v2}
              """;
      mesh.savePolicy(policy);
      EnvoyProcess envoy = mesh.start(role);
      TrafficClient client = mesh.client(role);
      assertThat(client.once().headers()).doesNotContainKey("x-served-by");

      mesh.savePolicy(
          policy
              + """
              envoy:
                clusters:
                  - {versions: [v2], patch: {alt_stat_name: newcomers}}
                routes:
                  - patch:
                      response_headers_to_add:
                        - {header: {key: x-served-by, value: "%UPSTREAM_CLUSTER%"}}
                  - names: [testers]
                    patch: {request_headers_to_add: [{header: {key: x-tester, value: "yes"}}]}
              """);
      Awaitility.await().until(() -> client.once().headers().containsKey("x-served-by"));

      assertThat(client.once().version()).isEqualTo("v1");
      Answer tester = client.at("/testers").once();
      assertThat(tester.version()).isEqualTo("v2");
      assertThat(tester.headers()).containsKey("x-served-by");
      assertThat(envoy.stat("cluster\\.newcomers\\.upstream_rq_total")).isEqualTo(1);

      mesh.savePolicy(policy);
      Awaitility.await().until(() -> !client.once().headers().containsKey("x-served-by"));
    }
  }

  @Test
  void aPatchPutsAFilterInTheListenerBesideTheApplication() {
    try (TestMesh mesh = new TestMesh("patched-listener", folder)) {
      TestBackend application = mesh.backend("v1", "front");
      int port =
          mesh.startBeside(
              application,
              """
              envoy:
                listeners:
                  - side: inbound
                    patch:
                      filter_chains:
                        - filters:
                            - name: envoy.filters.network.http_connection_manager
                              typed_config:
                                "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
                                http_filters:
                                  - name: envoy.filters.http.lua
                                    typed_config:
                                      "@type": type.googleapis.com/envoy.extensions.filters.http.lua.v3.Lua
                                      default_source_code:
                                        inline_string: |
                                          function envoy_on_response(response)
                                            response:headers():add("x-lua", "yes")
                                          end
              """);

      Answer inbound = TrafficClient.to(port, "front.shop").once();
      assertThat(inbound.version()).isEqualTo("v1");
      assertThat(inbound.headers()).containsEntry("x-lua", "yes");
      assertThat(TrafficClient.to(mesh.port(Role.SIDECAR), "front.shop").once().headers())
          .doesNotContainKey("x-lua");
    }
  }

  @Test
  void aPatchThatEnvoyRefusesIsToldAtThePolicyAndTheFormerOneHolds() {
    try (TestMesh mesh = new TestMesh("refused-patch", folder)) {
      mesh.saveOrders(mesh.backend("v1", "a"));
      mesh.savePolicy("timeouts: {request: 5s}");
      EnvoyProcess envoy = mesh.start(Role.SIDECAR);
      TrafficClient client = mesh.client(Role.SIDECAR);
      assertThat(client.once().ok()).isTrue();
      envoy.expectComplaint("rejected|Error adding/updating|invalid");

      mesh.savePolicy(
          """
          envoy:
            clusters:
              - patch: {transport_socket: {name: no.such.socket}}
          """);
      envoy.awaitTrue(
          "the refusal", () -> envoy.stat("cluster_manager\\.cds\\.update_rejected") > 0);

      assertThat(client.send(20).failures()).isEmpty();
    }
  }

  @Test
  void aPatchThatBreaksARuleOfEnvoysIsSetAsideBeforeAnyEnvoySeesIt() {
    try (TestMesh mesh = new TestMesh("broken-patch", folder)) {
      mesh.saveOrders(mesh.backend("v1", "a"));
      mesh.savePolicy("timeouts: {request: 5s}");
      EnvoyProcess envoy = mesh.start(Role.SIDECAR);
      TrafficClient client = mesh.client(Role.SIDECAR);

      mesh.savePolicy(
          """
          envoy:
            clusters:
              - patch: {connect_timeout: 0s}
          """);
      Awaitility.await()
          .until(
              () ->
                  mesh.server().views().problems().get().stream()
                      .anyMatch(it -> it.message().contains("connect_timeout")));

      assertThat(client.send(20).failures()).isEmpty();
      assertThat(envoy.stat("cluster_manager\\.cds\\.update_rejected")).isZero();
    }
  }
}
