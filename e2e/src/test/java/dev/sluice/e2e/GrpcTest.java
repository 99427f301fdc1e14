package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** One gRPC service and one policy: h2 through Envoy, and grpc-java without a proxy. */
@NeedsEnvoy
class GrpcTest {
  private static final int CALLS = 5_000;

  @TempDir Path folder;

  private final GrpcBackend v1 = GrpcBackend.start("v1");
  private final GrpcBackend v2 = GrpcBackend.start("v2");

  @AfterEach
  void stop() {
    v1.close();
    v2.close();
  }

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void callsThroughEnvoyFollowTheSplit(Role role) {
    try (TestMesh mesh = mesh(split(90, 10))) {
      EnvoyProcess envoy = mesh.start(role);
      try (GrpcCalls calls = GrpcCalls.through(mesh.port(role), TestMesh.host(role))) {
        Shares.within3Deviations(Map.of("v1", 0.9, "v2", 0.1), () -> allOk(calls.call(CALLS)));

        assertThat(envoy.stat("cluster\\.orders\\.shop.*\\.upstream_cx_http2_total")).isPositive();
        assertThat(envoy.stat("cluster\\.orders\\.shop.*\\.upstream_cx_http1_total")).isZero();

        mesh.savePolicy(split(50, 50));
        awaitV2(calls);
        Shares.within3Deviations(Map.of("v1", 0.5, "v2", 0.5), () -> allOk(calls.call(CALLS)));
      }
    }
  }

  @Test
  void theProxylessClientFollowsTheSameSplit() throws Exception {
    try (TestMesh mesh = mesh(split(90, 10));
        GrpcCalls calls = GrpcCalls.proxyless(mesh.grpcBootstrap(), "orders.shop")) {
      Shares.within3Deviations(Map.of("v1", 0.9, "v2", 0.1), () -> allOk(calls.call(CALLS)));

      mesh.savePolicy(split(50, 50));
      awaitV2(calls);
      Shares.within3Deviations(Map.of("v1", 0.5, "v2", 0.5), () -> allOk(calls.call(CALLS)));
    }
  }

  @Test
  void unavailableIsTriedAgainThroughEnvoyAndWithoutOne() throws Exception {
    v2.answerWith(Status.UNAVAILABLE);
    // One call at a time: round robin then tries the other instance, also where no predicate says
    // so.
    try (TestMesh mesh =
        mesh(
            """
            protocol: grpc
            loadBalancer: {type: RoundRobin}
            retry: {attempts: 3}
            circuitBreaker: {outlier: {consecutiveErrors: 0}}
            """)) {
      mesh.start(Role.SIDECAR);
      try (GrpcCalls calls = GrpcCalls.through(mesh.port(Role.SIDECAR), "orders.shop")) {
        assertThat(calls.call(200, 1).versions()).containsOnlyKeys("v1");
      }
      int refused = v2.calls();
      assertThat(refused).isPositive();
      try (GrpcCalls calls = GrpcCalls.proxyless(mesh.grpcBootstrap(), "orders.shop")) {
        assertThat(calls.call(200, 1).versions()).containsOnlyKeys("v1");
      }
      assertThat(v2.calls()).isGreaterThan(refused);
    }
  }

  @Test
  void backendsHaveTheirSharesWithTwoInstancesAsWithOneThroughEnvoyAndWithoutOne()
      throws Exception {
    Map<String, Double> shares = Map.of("v1", 0.25, "v2", 0.75);
    try (GrpcBackend another = GrpcBackend.start("v1");
        TestMesh mesh = mesh("protocol: grpc\n")) {
      mesh.save(
          "orders-policy.yaml",
          Documents.policy("protocol: grpc\nloadBalancer: {type: RoundRobin}\n")
              .replace(
                  "service: orders}",
                  "service: orders, backends: [%s, %s]}"
                      .formatted(
                          "{name: two, static: [\"127.0.0.1:%d\", \"127.0.0.1:%d\"]}"
                              .formatted(v1.port(), another.port()),
                          "{name: one, static: [\"127.0.0.1:%d\"], weight: 3}"
                              .formatted(v2.port()))));
      mesh.start(Role.SIDECAR);
      try (GrpcCalls calls = GrpcCalls.through(mesh.port(Role.SIDECAR), "orders.shop")) {
        Shares.within3Deviations(shares, () -> allOk(calls.call(CALLS)));
      }
      assertThat(another.calls()).isPositive();
      try (GrpcCalls calls = GrpcCalls.proxyless(mesh.grpcBootstrap(), "orders.shop")) {
        Shares.within3Deviations(shares, () -> allOk(calls.call(CALLS)));
      }
    }
  }

  private TestMesh mesh(String policy) {
    TestMesh mesh = new TestMesh("grpc", folder);
    mesh.saveOrders(v1, v2);
    mesh.savePolicy(policy);
    return mesh;
  }

  private static String split(int v1, int v2) {
    return "protocol: grpc\n" + Documents.split(v1, v2) + "retry: {attempts: 3}\n";
  }

  private static TrafficReport allOk(TrafficReport report) {
    assertThat(report.failures()).as("%s", report).isEmpty();
    return report;
  }

  private static void awaitV2(GrpcCalls calls) {
    Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> v2Share(calls.call(200)) > 0.25);
  }

  private static double v2Share(TrafficReport report) {
    return report.versions().getOrDefault("v2", 0L) / (double) report.count();
  }
}
