package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Canaries of a gRPC service that a gateway, a sidecar and a client without a proxy call. */
@NeedsEnvoy
class RolloutGrpcTest {
  private static final int CALLS = 1_000;

  @TempDir private Path folder;

  private final GrpcBackend old = GrpcBackend.start("v1");
  private final List<GrpcBackend> young =
      Stream.generate(() -> GrpcBackend.start("v2")).limit(3).toList();

  @AfterEach
  void stop() {
    old.close();
    young.forEach(GrpcBackend::close);
  }

  @Test
  void eachCallerHasTheSharesOfEachStep() throws Exception {
    try (TestMesh mesh = begun("{weight: 20, approve: manual}, {weight: 60, approve: manual}");
        Callers callers = new Callers(mesh)) {
      mesh.savePolicy(canary("{weight: 20, approve: manual}, {weight: 60, approve: manual}"));
      awaitHeld(mesh, 20);
      callers.have(Map.of("v1", 0.8, "v2", 0.2));
      promote(mesh);
      awaitHeld(mesh, 60);
      callers.have(Map.of("v1", 0.4, "v2", 0.6));
      promote(mesh);
      awaitPhase(mesh, "COMPLETE");
      callers.have(Map.of("v2", 1.0));
    }
  }

  @Test
  void aStepOfOneInstanceHasEachCallerCallJustThatOne() throws Exception {
    try (TestMesh mesh = begun("{instances: 1, approve: manual}, {instances: 100%}");
        Callers callers = new Callers(mesh)) {
      mesh.savePolicy(canary("{instances: 1, approve: manual}, {instances: 100%}"));
      awaitHeld(mesh, 50);
      callers.have(Map.of("v1", 0.5, "v2", 0.5));
      assertThat(young.stream().filter(it -> it.calls() > 0)).as("instances of v2").hasSize(1);
      promote(mesh);
      awaitPhase(mesh, "COMPLETE");
      callers.have(Map.of("v2", 1.0));
      assertThat(young).allSatisfy(it -> assertThat(it.calls()).isPositive());
    }
  }

  /** All of the traffic is at v1, and the two Envoys are there. */
  private TestMesh begun(String name) {
    TestMesh mesh = new TestMesh("rollout-grpc-" + name.substring(1, 4), folder);
    mesh.saveOrders(old, young.toArray(GrpcBackend[]::new));
    mesh.savePolicy("protocol: grpc\n" + Documents.split(1, 0));
    mesh.start(Role.GATEWAY);
    mesh.start(Role.SIDECAR);
    return mesh;
  }

  private static String canary(String steps) {
    return "protocol: grpc\n"
        + Documents.versions("v1", "v2")
        + "rollout: {canary: {from: v1, to: v2, steps: [%s]}}\n".formatted(steps);
  }

  private static void awaitHeld(TestMesh mesh, int percent) {
    awaitPhase(mesh, "APPROVING");
    assertThat(share(mesh)).isEqualTo(percent);
    assertThat(mesh.rollout().at("/proxies/acknowledged").asInt()).as("callers").isEqualTo(3);
  }

  private static void awaitPhase(TestMesh mesh, String phase) {
    Awaitility.await()
        .atMost(Duration.ofSeconds(40))
        .until(() -> mesh.rollout().path("phase").asText().equals(phase));
  }

  private static int share(TestMesh mesh) {
    return mesh.rollout().at("/versions/1/percent").asInt();
  }

  private static void promote(TestMesh mesh) {
    TrafficClient client =
        TrafficClient.to(mesh.server().adminAddress().getPort(), "127.0.0.1")
            .asking("POST")
            .at("/v1/rollouts/shop/orders/promote");
    int before = share(mesh); // The next step may wait for its approval within milliseconds.
    assertThat(client.once().status()).isEqualTo(200);
    Awaitility.await().atMost(Duration.ofSeconds(40)).until(() -> share(mesh) != before);
  }

  /** A gateway, a sidecar and a client without a proxy, each of which has called v1. */
  private static final class Callers implements AutoCloseable {
    private final List<GrpcCalls> all = new ArrayList<>();

    Callers(TestMesh mesh) throws Exception {
      for (Role role : List.of(Role.GATEWAY, Role.SIDECAR)) {
        all.add(GrpcCalls.through(mesh.port(role), TestMesh.host(role)));
      }
      all.add(GrpcCalls.proxyless(mesh.grpcBootstrap(), "orders.shop"));
      have(Map.of("v1", 1.0));
    }

    void have(Map<String, Double> shares) {
      for (GrpcCalls calls : all) {
        Shares.within3Deviations(
            shares,
            () -> {
              TrafficReport report = calls.call(CALLS);
              assertThat(report.failures()).as("%s", report).isEmpty();
              return report;
            });
      }
    }

    @Override
    public void close() {
      all.forEach(GrpcCalls::close);
    }
  }
}
