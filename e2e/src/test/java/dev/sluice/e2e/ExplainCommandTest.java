package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import dev.sluice.server.explain.Call;
import dev.sluice.server.explain.Explanation;
import dev.sluice.server.explain.Outcome;
import dev.sluice.server.status.ProxyStatus;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code sluice explain} as people call it, of sidecars, gateways and programs. */
@NeedsEnvoy
class ExplainCommandTest {
  private static final String POLICY =
      Documents.split(100, 0)
          + """
          timeouts: {request: 4s}
          routes:
            - name: testers
              match: [{headers: [{name: x-canary, exact: "true"}]}]
              to: {version: v2}
          """;

  @TempDir private Path folder;

  @Test
  void aRequestIsExplainedWithItsPolicysLineAndTheInstances() {
    try (TestMesh mesh = new TestMesh("explained", folder)) {
      TestBackend v1 = mesh.backend("v1", "a");
      mesh.saveOrders(v1, mesh.backend("v2", "b"));
      mesh.savePolicy(POLICY);
      mesh.start(Role.SIDECAR);
      mesh.start(Role.GATEWAY);
      SluiceCommandLine sluice = new SluiceCommandLine(mesh.server().adminAddress().getPort());
      String gateway = mesh.id(Role.GATEWAY);
      String sidecar = mesh.id(Role.SIDECAR);

      assertThat(sluice.succeed("explain", "http://orders.shop/api", "--from", sidecar))
          .contains(
              "it goes to orders.shop|80|v1 by route orders.shop/split",
              "orders.shop/testers: header x-canary is missing",
              "orders-policy.yaml:11:7",
              "v1 100%",
              "127.0.0.1:" + v1.port() + "  HEALTHY  v1",
              "file/files",
              "timeouts.request",
              "orders-policy.yaml:9:23");
      assertThat(
              sluice.succeed(
                  "explain",
                  "POST",
                  "http://orders.example.com:" + mesh.port(Role.GATEWAY) + "/",
                  "--from=" + gateway,
                  "-H",
                  "x-canary: true"))
          .contains("it goes to orders.shop|80|v2 by route orders.shop/testers");
      assertThat(sluice.expect(1, "explain", "http://nobody/", "--from=" + sidecar))
          .contains("the proxy answers 404: no virtual host is for nobody")
          .contains("no source knows a service nobody.shop");
      assertThat(sluice.expect(2, "explain", "http://orders.shop/"))
          .contains("Several kinds of proxies are connected", gateway, sidecar);
      assertThat(sluice.expect(2, "explain", "http://orders.shop/", "--from=edge"))
          .contains("no proxy \"edge\" is connected", gateway);
      assertThat(sluice.expect(2, "explain", "orders.shop"))
          .contains("\"orders.shop\" is no URL with a host");
    }
  }

  @Test
  void whatAProxyRefusedDoesNotCount() {
    try (TestMesh mesh = new TestMesh("explained-refused", folder)) {
      mesh.saveOrders(mesh.backend("v1", "a"), mesh.backend("v2", "b"));
      mesh.savePolicy(POLICY);
      EnvoyProcess envoy = mesh.start(Role.SIDECAR);
      envoy.expectComplaint("update_rejected|config for .* rejected");

      mesh.savePolicy(
          POLICY.replace("exact: \"true\"", "exact: \"false\"")
              + """
              envoy:
                routes:
                  - {names: [testers], patch: {match: {safe_regex: {regex: "("}}}}
              """);
      Awaitility.await().until(() -> !mesh.server().views().quarantine().get().isEmpty());

      Explanation told = explain(mesh, "http://orders.shop/", "x-canary: true");

      assertThat(mesh.client(Role.SIDECAR).with("x-canary", "true").once().version())
          .isEqualTo("v2");
      assertThat(told.route().orElseThrow().name()).isEqualTo("orders.shop/testers");
      assertThat(told.differs())
          .singleElement()
          .asString()
          .startsWith("routes outbound: it uses ")
          .contains("kept back");
    }
  }

  @Test
  void callsOfAProgramAreExplainedByItsOwnListener() throws Exception {
    try (TestMesh mesh = new TestMesh("explained-program", folder);
        GrpcBackend v1 = GrpcBackend.start("v1");
        GrpcBackend v2 = GrpcBackend.start("v2")) {
      mesh.saveOrders(v1, v2);
      mesh.savePolicy(POLICY);
      try (GrpcCalls calls = GrpcCalls.proxyless(mesh.grpcBootstrap(), "orders.shop")) {
        assertThat(calls.call(10).failures()).isEmpty();
        Awaitility.await().until(() -> all(mesh, ProxyStatus::synced));

        Explanation told = explain(mesh, "http://orders.shop/test.Service/Call");

        assertThat(told.outcome()).as(told.summary()).isEqualTo(Outcome.FORWARDED);
        assertThat(told.summary())
            .isEqualTo("it goes to orders.shop|80|v1 by route orders.shop/split");
        assertThat(told.listener().orElseThrow().name()).isEqualTo("orders.shop");
        assertThat(explain(mesh, "http://stock.shop/test.Service/Call").outcome())
            .isEqualTo(Outcome.NO_LISTENER);
      }
    }
  }

  private static boolean all(TestMesh mesh, Predicate<ProxyStatus> condition) {
    List<ProxyStatus> proxies = mesh.server().views().proxies().get();
    return !proxies.isEmpty() && proxies.stream().allMatch(condition);
  }

  private static Explanation explain(TestMesh mesh, String url, String... headers) {
    return mesh.server()
        .views()
        .explain()
        .of(Call.parse("GET", url, List.of(headers)), Optional.empty());
  }
}
