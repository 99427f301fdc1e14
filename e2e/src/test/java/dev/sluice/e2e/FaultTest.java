package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Failures made on purpose. */
@NeedsEnvoy
class FaultTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void requestsAreDelayedAndAbortedAtTheirPercentages(Role role) {
    try (TestMesh mesh = new TestMesh("fault", folder)) {
      TestBackend backend = mesh.backend("v1", "a");
      mesh.saveOrders(backend);
      mesh.savePolicy(
          """
          fault: {abort: {httpStatus: 418, percent: 20}}
          routes:
            - name: slow
              match: [{path: {prefix: /slow}}]
              fault: {delay: {for: 400ms, percent: 25}, abort: {percent: 0}}
            - name: spared
              match: [{path: {prefix: /spared}}]
              fault: {abort: {percent: 0}}
          """);
      mesh.start(role);
      TrafficClient client = mesh.client(role);

      TrafficReport aborted = client.send(2_000);
      // Four standard deviations of 2000 draws at 20 % are 72.
      assertThat(aborted.statuses()).containsOnlyKeys(200, 418);
      assertThat(aborted.statuses().get(418)).isBetween(328L, 472L);
      assertThat(aborted.statuses()).containsEntry(200, (long) backend.requests());

      TrafficReport slow = client.at("/slow").send(400, 40);
      assertThat(slow.failures()).isEmpty();
      // Four standard deviations of 400 draws at 25 % are 35.
      assertThat(slow.where(it -> took(it).toMillis() >= 390).count()).isBetween(65, 135);

      TrafficReport spared = client.at("/spared").send(200);
      assertThat(spared.failures()).isEmpty();
    }
  }

  private static Duration took(Answer answer) {
    return Duration.ofNanos(answer.doneNanos() - answer.sentNanos());
  }

  @Test
  void anAbortedRequestIsNotTriedAgain() {
    try (TestMesh mesh = new TestMesh("fault-retry", folder)) {
      TestBackend backend = mesh.backend("v1", "a");
      mesh.saveOrders(backend);
      mesh.savePolicy(
          """
          retry: {attempts: 5, retryOn: [5xx]}
          fault: {abort: {httpStatus: 503}}
          """);
      mesh.start(Role.SIDECAR);

      assertThat(mesh.client(Role.SIDECAR).send(20).statuses()).containsOnlyKeys(503);
      assertThat(backend.requests()).isZero();
    }
  }

  @Test
  void grpcCallsAreAbortedThroughEnvoyAndWithoutOne() throws Exception {
    try (TestMesh mesh = new TestMesh("fault-grpc", folder);
        GrpcBackend backend = GrpcBackend.start("v1")) {
      mesh.saveOrders(backend);
      mesh.savePolicy(
          """
          protocol: grpc
          retry: {attempts: 0}
          fault: {abort: {grpcStatus: 7, percent: 50}}
          """);
      mesh.start(Role.SIDECAR);
      int denied = 500 + Status.Code.PERMISSION_DENIED.value();
      try (GrpcCalls calls = GrpcCalls.through(mesh.port(Role.SIDECAR), "orders.shop")) {
        TrafficReport report = calls.call(400);
        assertThat(report.statuses()).containsOnlyKeys(200, denied);
        // Four standard deviations of 400 draws at 50 % are 40.
        assertThat(report.statuses().get(denied)).isBetween(160L, 240L);
      }
      try (GrpcCalls calls = GrpcCalls.proxyless(mesh.grpcBootstrap(), "orders.shop")) {
        TrafficReport report = calls.call(400);
        assertThat(report.statuses()).containsOnlyKeys(200, denied);
        assertThat(report.statuses().get(denied)).isBetween(160L, 240L);

        mesh.savePolicy("protocol: grpc");
        Awaitility.await().until(() -> calls.call(50).failures().isEmpty());
      }
    }
  }
}
