package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How many requests are let through, and how large they may be. */
@NeedsEnvoy
class RequestLimitsTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void callersLetAsManyRequestsThroughAsTheLocalLimitSays(Role role) {
    try (TestMesh mesh = new TestMesh("rate-limit", folder)) {
      TestBackend backend = mesh.backend("v1", "a");
      mesh.saveOrders(backend);
      mesh.savePolicy(
          """
          rateLimit: {local: {requests: 10, per: 1h}}
          routes:
            - name: own
              match: [{path: {prefix: /own}}]
              rateLimit: {local: {requests: 20, burst: 30}}
            - name: together
              match: [{path: {prefix: /together}}]
              retry: {attempts: 0}
          """);
      mesh.start(role);
      TrafficClient client = mesh.client(role);

      TrafficReport first = client.send(15, 1);
      assertThat(first.statuses()).containsEntry(200, 10L).containsEntry(429, 5L);
      assertThat(backend.requests()).isEqualTo(10);
      assertThat(client.at("/together").once().status()).isEqualTo(429);

      assertThat(client.at("/own").send(40).statuses())
          .containsEntry(200, 30L)
          .containsEntry(429, 10L);
    }
  }

  @Test
  void callsOverGrpcBeyondTheLimitEndAsResourceExhausted() {
    try (GrpcBackend backend = GrpcBackend.start("v1");
        TestMesh mesh = new TestMesh("rate-limit-grpc", folder)) {
      mesh.save(
          "orders.yaml",
          Documents.service(List.of(Documents.instance(backend.port(), "v1")), "grpc"));
      mesh.savePolicy("rateLimit: {local: {requests: 2, per: 1h}}");
      mesh.start(Role.SIDECAR);

      try (GrpcCalls calls = GrpcCalls.through(mesh.port(Role.SIDECAR), "orders.shop")) {
        TrafficReport report = calls.call(3, 1);
        assertThat(report.versions()).containsEntry("v1", 2L);
        assertThat(report.failures().getFirst().body()).contains("RESOURCE_EXHAUSTED");
      }
    }
  }

  @Test
  void theLimitLetsRequestsThroughAgainAsTimeGoesOn() {
    try (TestMesh mesh = new TestMesh("rate-limit-refill", folder)) {
      mesh.saveOrders(mesh.backend("v1", "a"));
      mesh.savePolicy("rateLimit: {local: {requests: 2, per: 1s}}");
      mesh.start(Role.SIDECAR);
      TrafficClient client = mesh.client(Role.SIDECAR);

      assertThat(client.send(10, 1).statuses()).containsEntry(200, 2L);
      mesh.awaitAnswers(Role.SIDECAR, report -> report.statuses().containsKey(200));
    }
  }

  @Test
  void theProxyBesideAnInstanceLimitsWhatComesIn() {
    try (TestMesh mesh = new TestMesh("rate-limit-inbound", folder)) {
      TestBackend application = mesh.backend("v1", "front");
      int port =
          mesh.startBeside(
              application, "rateLimit: {local: {requests: 5, per: 1h, side: inbound}}");

      TrafficReport report = TrafficClient.to(port, "front.shop").send(12, 1);

      assertThat(report.statuses()).containsEntry(200, 5L).containsEntry(429, 7L);
      assertThat(application.requests()).isEqualTo(5);
      assertThat(TrafficClient.to(mesh.port(Role.SIDECAR), "front.shop").send(12, 1).statuses())
          .as("not where it is called from")
          .containsOnlyKeys(200);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void aRequestWhoseBodyIsTooLargeIsRefused(Role role) throws IOException {
    try (TestMesh mesh = new TestMesh("request-body", folder)) {
      TestBackend backend = mesh.backend("v1", "a");
      mesh.saveOrders(backend);
      mesh.savePolicy(
          """
          limits: {requestBody: 1Ki}
          routes:
            - name: uploads
              match: [{path: {prefix: /uploads}}]
              limits: {requestBody: 64Ki}
            - name: any
              match: [{path: {prefix: /any}}]
              limits: {requestBody: 0}
          """);
      mesh.start(role);

      assertThat(post(mesh, role, "/", 1024).status()).isEqualTo(200);
      assertThat(backend.requests()).isEqualTo(1);
      assertThat(post(mesh, role, "/", 1025).status()).isEqualTo(413);
      assertThat(backend.requests()).isEqualTo(1);
      assertThat(post(mesh, role, "/uploads", 65_536).status()).isEqualTo(200);
      assertThat(post(mesh, role, "/uploads", 65_537).status()).isEqualTo(413);
      assertThat(post(mesh, role, "/any", 200_000).status()).isEqualTo(200);
    }
  }

  private static Answer post(TestMesh mesh, Role role, String path, int size) throws IOException {
    String request =
        """
        POST %s HTTP/1.1
        Host: %s
        Content-Length: %d

        """
            .formatted(path, TestMesh.host(role), size)
            .replace("\n", "\r\n");
    try (HttpConnection connection = new HttpConnection(mesh.port(role), null)) {
      return connection.exchange(
          (request + "x".repeat(size)).getBytes(StandardCharsets.ISO_8859_1));
    }
  }
}
