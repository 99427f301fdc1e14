package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.node.Role;
import io.envoyproxy.envoy.data.accesslog.v3.HTTPAccessLogEntry;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a Gateway says of its listeners, as clients of a real Envoy see it. */
@NeedsEnvoy
class EdgeTest {
  @TempDir Path folder;
  @TempDir Path logs;

  @Test
  void anAuthorizationServiceAllowsAndDenies() {
    try (AuthzService authz = AuthzService.start();
        TestMesh mesh = new TestMesh("authz", folder)) {
      TestBackend backend = edge(mesh, "authz: {grpc: {service: helper, port: 9000}, timeout: 2s}");
      mesh.save("helper.yaml", helper(authz.port()));
      mesh.start(Role.GATEWAY);

      Answer allowed = mesh.client(Role.GATEWAY).with("x-user", "alice").once();
      Answer denied = mesh.client(Role.GATEWAY).with("x-user", "mallory").once();

      assertThat(allowed.status()).isEqualTo(200);
      assertThat(denied.status()).isEqualTo(401);
      assertThat(denied.body()).isEqualTo("who are you?");
      assertThat(backend.requests()).isEqualTo(1);
      assertThat(authz.checks()).isEqualTo(2);
    }
  }

  @Test
  void aRouteMayBeOpenToAll() {
    try (AuthzService authz = AuthzService.start();
        TestMesh mesh = new TestMesh("authz-open-route", folder)) {
      edge(mesh, "authz: {grpc: {service: helper, port: 9000}, timeout: 2s}");
      mesh.savePolicy("routes: [{name: open, match: [{path: {exact: /open}}], authz: disabled}]");
      mesh.save("helper.yaml", helper(authz.port()));
      mesh.start(Role.GATEWAY);

      Answer open = mesh.client(Role.GATEWAY).at("/open").with("x-user", "mallory").once();
      Answer other = mesh.client(Role.GATEWAY).at("/opens").with("x-user", "mallory").once();

      assertThat(open.status()).isEqualTo(200);
      assertThat(other.status()).isEqualTo(401);
      assertThat(authz.checks()).isEqualTo(1);
    }
  }

  @Test
  void aSilentAuthorizationServiceDeniesWithinItsTimeout() {
    try (AuthzService authz = AuthzService.start();
        TestMesh mesh = new TestMesh("authz-silent", folder)) {
      TestBackend backend =
          edge(mesh, "authz: {grpc: {service: helper, port: 9000}, timeout: 300ms}");
      mesh.save("helper.yaml", helper(authz.port()));
      mesh.start(Role.GATEWAY);
      authz.beSilent();

      Answer answer = mesh.client(Role.GATEWAY).with("x-user", "alice").once();

      assertThat(answer.status()).isEqualTo(503);
      assertThat(Duration.ofNanos(answer.doneNanos() - answer.sentNanos()))
          .isBetween(Duration.ofMillis(290), Duration.ofSeconds(3));
      assertThat(backend.requests()).isZero();
    }
  }

  @Test
  void withoutItsAuthorizationServiceAGatewayIsClosedOrOpenAsItSays() {
    try (TestMesh mesh = new TestMesh("authz-down", folder)) {
      TestBackend backend = edge(mesh, "authz: {grpc: {service: helper, port: 9000}}");
      EnvoyProcess envoy = mesh.start(Role.GATEWAY);

      assertThat(mesh.client(Role.GATEWAY).once().status()).as("no source knows it").isEqualTo(503);
      mesh.save("helper.yaml", helper(Ports.free()));
      envoy.awaitTrue(
          "the helper's address",
          () -> envoy.stat("cluster\\.authz.helper.shop.9000\\.membership_total") == 1);
      assertThat(mesh.client(Role.GATEWAY).once().status()).as("nobody listens").isEqualTo(503);
      assertThat(backend.requests()).isZero();

      mesh.save(
          "gateway.yaml",
          gateway(mesh, "authz: {grpc: {service: helper, port: 9000}, onError: allow}"));
      mesh.awaitAnswers(Role.GATEWAY, report -> report.failures().isEmpty());
    }
  }

  @Test
  void anAuthorizationServiceMayBeAskedOverHttp() {
    try (TestBackend authz = TestBackend.start("authz", "authz");
        TestMesh mesh = new TestMesh("authz-http", folder)) {
      edge(mesh, "authz: {http: {service: helper, port: 9000, pathPrefix: /check}, timeout: 2s}");
      mesh.save("helper.yaml", helper(authz.port()));
      mesh.start(Role.GATEWAY);

      assertThat(mesh.client(Role.GATEWAY).at("/a").once().version()).isEqualTo("v1");
      authz.answerWith(403);
      Answer denied = mesh.client(Role.GATEWAY).at("/a").once();

      assertThat(denied.status()).isEqualTo(403);
      assertThat(denied.body()).isEqualTo("authz authz GET /check/a HTTP/1.1\n");
    }
  }

  @Test
  void everyRequestIsALineOfTheDocumentedFields() throws Exception {
    Path file = logs.resolve("access.log");
    try (TestMesh mesh = new TestMesh("access-log", folder)) {
      TestBackend backend = edge(mesh, "accessLog: {file: {path: " + file + "}}");
      mesh.start(Role.GATEWAY);

      mesh.client(Role.GATEWAY).at("/cart?item=1").with("user-agent", "test").once();

      Awaitility.await()
          .atMost(Duration.ofSeconds(20)) // Envoy writes every ten seconds.
          .until(() -> Files.exists(file) && Files.size(file) > 0);
      JsonNode line = new ObjectMapper().readTree(Files.readAllLines(file).getFirst());
      assertThat(line.fieldNames())
          .toIterable()
          .containsExactlyInAnyOrder(
              ("attempts authority bytes_received bytes_sent client cluster duration_ms flags"
                      + " forwarded_for grpc_status instance method path protocol request_id route"
                      + " start_time status status_details trace_id upstream_ms user_agent")
                  .split(" "));
      assertThat(line.get("method").asText()).isEqualTo("GET");
      assertThat(line.get("path").asText()).isEqualTo("/cart?item=1");
      assertThat(line.get("authority").asText()).isEqualTo("orders.example.com");
      assertThat(line.get("status").asInt()).isEqualTo(200);
      assertThat(line.get("route").asText()).isEqualTo("orders.shop/split");
      assertThat(line.get("cluster").asText()).isEqualTo("orders.shop|80");
      assertThat(line.get("instance").asText()).isEqualTo("127.0.0.1:" + backend.port());
      assertThat(line.get("user_agent").asText()).isEqualTo("test");
      assertThat(line.get("flags").asText()).isEqualTo("-");
      assertThat(line.get("attempts").asInt()).isEqualTo(1);
    }
  }

  @Test
  void spansAndLogLinesArriveAtAnOpenTelemetryCollector() {
    try (OtlpCollector collector = OtlpCollector.start();
        TestMesh mesh = new TestMesh("otlp", folder)) {
      edge(
          mesh,
          """
          tracing: {otlp: {service: helper, port: 9000}, samplePercent: 100}
          accessLog: {otlp: {service: helper, port: 9000}}
          """);
      mesh.save("helper.yaml", helper(collector.port()));
      // The log's common_config, which has no successor in the protos for Java.
      mesh.start(Role.GATEWAY).expectComplaint("deprecated_feature_use");
      String trace = "0af7651916cd43dd8448eb211c80319c";

      mesh.client(Role.GATEWAY)
          .at("/traced")
          .with("traceparent", "00-" + trace + "-b7ad6b7169203331-01")
          .once();

      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> !collector.spans().isEmpty() && !collector.logs().isEmpty());
      ResourceSpans spans = collector.spans().getFirst();
      assertThat(spans.getResource().getAttributesList())
          .filteredOn(attribute -> attribute.getKey().equals("service.name"))
          .extracting(attribute -> attribute.getValue().getStringValue())
          .containsExactly("public.shop");
      Span span = spans.getScopeSpans(0).getSpans(0);
      assertThat(hex(span.getTraceId().toByteArray())).isEqualTo(trace);
      assertThat(hex(span.getParentSpanId().toByteArray())).isEqualTo("b7ad6b7169203331");
      List<KeyValue> attributes = collector.logs().getFirst().getAttributesList();
      assertThat(attributes)
          .filteredOn(attribute -> List.of("path", "status").contains(attribute.getKey()))
          .extracting(attribute -> attribute.getValue().getStringValue())
          .containsExactlyInAnyOrder("/traced", "200");
    }
  }

  @Test
  void theInstanceIsToldOfTheTrace() {
    try (OtlpCollector collector = OtlpCollector.start();
        TestMesh mesh = new TestMesh("trace-headers", folder)) {
      TestBackend backend =
          edge(mesh, "tracing: {otlp: {service: helper, port: 9000}, samplePercent: 100}");
      mesh.save("helper.yaml", helper(collector.port()));
      mesh.start(Role.GATEWAY);

      mesh.client(Role.GATEWAY).once();

      assertThat(backend.lastRequest()).containsKey("traceparent");
    }
  }

  @Test
  void aServiceOfEnvoysOwnProtocolIsToldOfEachRequest() {
    try (AccessLogCollector collector = AccessLogCollector.start();
        TestMesh mesh = new TestMesh("access-log-grpc", folder)) {
      edge(mesh, "accessLog: {grpc: {service: helper, port: 9000}}");
      mesh.save("helper.yaml", helper(collector.port()));
      mesh.start(Role.GATEWAY);

      mesh.client(Role.GATEWAY).at("/logged").once();

      Awaitility.await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> collector.entries().size() == 1);
      HTTPAccessLogEntry entry = collector.entries().getFirst();
      assertThat(entry.getRequest().getPath()).isEqualTo("/logged");
      assertThat(entry.getResponse().getResponseCode().getValue()).isEqualTo(200);
      assertThat(entry.getCommonProperties().getUpstreamCluster()).isEqualTo("orders.shop|80");
      assertThat(collector.names()).containsOnly("public.shop");
    }
  }

  @Test
  void clientsAreHeldToTheirLimits() {
    try (TestMesh mesh = new TestMesh("client-limits", folder)) {
      edge(mesh, "client: {maxHeaderKb: 2, streamIdle: 500ms}");
      TestBackend backend = mesh.backend("v1", "held");
      mesh.saveOrders(backend);
      mesh.start(Role.GATEWAY);

      Answer large = mesh.client(Role.GATEWAY).with("x-large", "x".repeat(3000)).once();
      assertThat(large.status()).isEqualTo(431);
      backend.hold();
      Answer idle = mesh.client(Role.GATEWAY).once();
      assertThat(idle.status()).isEqualTo(504);
      assertThat(TimeUnit.NANOSECONDS.toMillis(idle.doneNanos() - idle.sentNanos()))
          .isBetween(450L, 5_000L);
    }
  }

  /** Orders behind a gateway with these sections. */
  private static TestBackend edge(TestMesh mesh, String sections) {
    TestBackend backend = mesh.backend("v1", "a");
    mesh.saveOrders(backend);
    mesh.savePolicy("retry: {attempts: 0}");
    mesh.save("gateway.yaml", gateway(mesh, sections));
    return backend;
  }

  private static String gateway(TestMesh mesh, String sections) {
    return Documents.gateway(mesh.port(Role.GATEWAY)) + sections.indent(2);
  }

  /** The service that the gateway calls for itself. */
  private static String helper(int port) {
    return """
    apiVersion: sluice.dev/v1
    kind: StaticService
    metadata: {name: helper, namespace: shop}
    spec:
      ports: [{port: 9000}]
      endpoints: [{address: 127.0.0.1, port: %d}]
    """
        .formatted(port);
  }

  private static String hex(byte[] bytes) {
    return java.util.HexFormat.of().formatHex(bytes);
  }
}
