package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Conversations that go on for long: WebSockets and gRPC streams. */
@NeedsEnvoy
class UpgradeTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void aWebSocketOutlivesTheRequestTimeoutAndUnrelatedChanges(Role role) throws IOException {
    try (TestMesh mesh = new TestMesh("websocket", folder);
        ScriptedBackend backend = ScriptedBackend.start(WebSocket::echo)) {
      mesh.save("orders.yaml", backend.orders());
      String policy =
          """
          timeouts: {request: %s}
          routes:
            - name: chat
              match: [{path: {prefix: /chat}}]
              upgrade: [websocket]
            - name: status
              match: [{path: {prefix: /status}}]
              respond: {status: %d}
          """;
      mesh.savePolicy(policy.formatted("1s", 401));
      mesh.start(role);
      long start = System.nanoTime();
      try (WebSocket socket = new WebSocket(mesh.port(role), TestMesh.host(role), "/chat")) {
        assertThat(socket.statusLine()).startsWith("HTTP/1.1 101 ");
        assertThat(socket.says("hello")).isEqualTo("hello");

        mesh.savePolicy(policy.formatted("2s", 402));
        TrafficClient status = mesh.client(role).at("/status");
        mesh.awaitAnswers(role, report -> status.send(1).statuses().keySet().equals(Set.of(402)));
        while (System.nanoTime() - start < TimeUnit.SECONDS.toNanos(4)) {
          assertThat(socket.says("still there")).isEqualTo("still there");
        }
      }
    }
  }

  @Test
  void aWebSocketIsRefusedWhereNoPolicyAsksForIt() throws IOException {
    try (TestMesh mesh = new TestMesh("no-websocket", folder);
        ScriptedBackend backend = ScriptedBackend.start(WebSocket::echo)) {
      mesh.save("orders.yaml", backend.orders());
      mesh.start(Role.SIDECAR);

      try (WebSocket socket = new WebSocket(mesh.port(Role.SIDECAR), "orders.shop", "/chat")) {
        assertThat(socket.statusLine()).startsWith("HTTP/1.1 403 ");
      }
    }
  }

  @Test
  void aGrpcStreamOutlivesUnrelatedChanges() throws Exception {
    try (TestMesh mesh = new TestMesh("grpc-stream", folder);
        GrpcBackend backend = GrpcBackend.start("v1")) {
      mesh.saveOrders(backend);
      String policy =
          """
          protocol: grpc
          timeouts: {request: 0s}
          retry: {attempts: %d}
          """;
      mesh.savePolicy(policy.formatted(1));
      EnvoyProcess envoy = mesh.start(Role.SIDECAR);
      try (GrpcCalls calls = GrpcCalls.through(mesh.port(Role.SIDECAR), "orders.shop");
          GrpcCalls.Conversation conversation = calls.converse()) {
        assertThat(conversation.ask()).isEqualTo("v1");

        String updates = "http\\.outbound\\.rds\\.outbound\\.update_success";
        long before = envoy.stat(updates);
        for (int attempts = 2; attempts <= 4; attempts++) {
          long seen = envoy.stat(updates);
          mesh.savePolicy(policy.formatted(attempts));
          envoy.awaitTrue("the change", () -> envoy.stat(updates) > seen);
          assertThat(conversation.ask()).isEqualTo("v1");
        }
        mesh.saveOrders(mesh.backend("v1", "other"));
        assertThat(envoy.stat(updates)).isGreaterThan(before);
        assertThat(conversation.ask()).isEqualTo("v1");
      }
    }
  }
}
