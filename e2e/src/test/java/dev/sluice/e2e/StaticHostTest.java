package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Services whose instances the proxies find by a DNS name. */
@NeedsEnvoy
class StaticHostTest {
  private static final String ORDERS = "cluster\\.orders\\.shop.*\\.";

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void requestsReachTheAddressesOfTheNameUnderThatName(Role role) {
    try (TestMesh mesh = new TestMesh("dns", folder)) {
      TestBackend backend = mesh.backend("v1", "a");
      mesh.save("orders.yaml", service("localhost", backend.port(), "http"));
      mesh.savePolicy("timeouts: {request: 5s}");
      mesh.start(role);

      Answer answer = mesh.client(role).once();

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.headers()).containsEntry(TestBackend.HOST_HEADER, "localhost");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void aRewriteOfARouteCountsBeforeTheName(Role role) {
    try (TestMesh mesh = new TestMesh("dns-rewrite", folder)) {
      TestBackend backend = mesh.backend("v1", "a");
      mesh.save("orders.yaml", service("localhost", backend.port(), "http"));
      mesh.savePolicy(
          """
          routes:
            - {name: api, match: [{path: {prefix: /api}}], rewrite: {host: api.example.com}}
            - {name: old, match: [{path: {prefix: /old}}], rewrite: {prefix: /new}}
          """);
      mesh.start(role);

      Answer api = mesh.client(role).at("/api").once();
      Answer old = mesh.client(role).at("/old/1").once();

      assertThat(api.headers()).containsEntry(TestBackend.HOST_HEADER, "api.example.com");
      assertThat(old.headers()).containsEntry(TestBackend.HOST_HEADER, "localhost");
      assertThat(old.body()).contains("/new/1");
    }
  }

  @Test
  void aNameWithoutAddressesFailsAtOnceAndInstancesTakeItsPlaceWhenTheyAreGiven() {
    try (TestMesh mesh = new TestMesh("dns-nowhere", folder)) {
      TestBackend backend = mesh.backend("v1", "a");
      mesh.save("orders.yaml", service("nowhere.invalid", backend.port(), "http"));
      mesh.savePolicy("retry: {attempts: 0}");
      EnvoyProcess envoy = mesh.start(Role.SIDECAR);
      assertThat(mesh.client(Role.SIDECAR).once().status()).isEqualTo(503);

      mesh.saveOrders(backend);
      envoy.awaitTrue("an instance", () -> envoy.stat(ORDERS + "membership_total") == 1);

      mesh.awaitAnswers(Role.SIDECAR, report -> report.failures().isEmpty());
      String host =
          Objects.requireNonNull(
              mesh.client(Role.SIDECAR).once().headers().get(TestBackend.HOST_HEADER));
      assertThat(host).isEqualTo("orders.shop");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void theAddressesAreCheckedLikeThoseOfOtherInstances(Role role) {
    try (TestMesh mesh = new TestMesh("dns-checked", folder)) {
      TestBackend backend = mesh.backend("v1", "a");
      backend.answerAt("/healthz", 500);
      mesh.save("orders.yaml", service("localhost", backend.port(), "http"));
      mesh.savePolicy(
          "health: {source: active, active: {http: {path: /healthz}, interval: 200ms}}\n"
              + "retry: {attempts: 0}");
      EnvoyProcess envoy = mesh.start(role);
      assertThat(mesh.client(role).once().status()).isEqualTo(503);

      backend.answerAt("/healthz", 200);
      envoy.awaitTrue("a healthy one", () -> envoy.stat(ORDERS + "membership_healthy") == 1);

      assertThat(mesh.client(role).once().status()).isEqualTo(200);
    }
  }

  @Test
  void aGrpcClientWithoutAProxyConnectsToTheName() throws Exception {
    GrpcBackend backend = GrpcBackend.start("v1");
    try (TestMesh mesh = new TestMesh("dns-grpc", folder)) {
      mesh.save("orders.yaml", service("localhost", backend.port(), "grpc"));
      try (GrpcCalls calls = GrpcCalls.proxyless(mesh.grpcBootstrap(), "orders.shop")) {
        TrafficReport report = calls.call(20);

        assertThat(report.failures()).isEmpty();
        assertThat(report.versions()).containsOnlyKeys("v1");
      }
    } finally {
      backend.close();
    }
  }

  /** The service {@code orders}, whose port is that of what answers. */
  private static String service(String host, int port, String protocol) {
    return """
    apiVersion: sluice.dev/v1
    kind: StaticService
    metadata: {name: orders, namespace: shop}
    spec:
      ports: [{port: %d, protocol: %s}]
      host: %s
    """
        .formatted(port, protocol, host);
  }
}
