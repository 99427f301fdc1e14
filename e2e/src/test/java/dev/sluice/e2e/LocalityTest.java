package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Instances that are preferred by where they run; their versions are called like their zones. */
@NeedsEnvoy
class LocalityTest {
  private static final String HEALTHY = "cluster\\.orders\\.shop.*\\.membership_healthy";
  private static final int REQUESTS = 4_000;

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void callsLeaveAZoneAtThePromisedShareAndComeBack(Role role) {
    try (TestMesh mesh = new TestMesh("failover", folder)) {
      List<TestBackend> near = backends(mesh, "a", 4);
      List<TestBackend> far = backends(mesh, "b", 2);
      List<TestBackend> away = backends(mesh, "us", 1);
      mesh.runIn("eu", "a");
      mesh.savePolicy("locality: {mode: failover}");
      save(mesh, 4, near, far, away);
      EnvoyProcess envoy = mesh.start(role);
      assertThat(mesh.client(role).send(500).versions()).containsOnlyKeys("a");

      // Half of the zone: 2 of 4 instances times 1.4 can take 70 % of its calls.
      save(mesh, 2, near, far, away);
      envoy.awaitTrue("half a zone", () -> envoy.stat(HEALTHY) == 5);
      Shares.within3Deviations(
          Map.of("a", 0.7, "b", 0.3), () -> allOk(mesh.client(role).send(REQUESTS)));

      save(mesh, 0, near, far, away);
      envoy.awaitTrue("no instance in the zone", () -> envoy.stat(HEALTHY) == 3);
      assertThat(allOk(mesh.client(role).send(500)).versions()).containsOnlyKeys("b");

      // Within what is provided for, one of four does not count.
      save(mesh, 3, near, far, away);
      envoy.awaitTrue("most of a zone", () -> envoy.stat(HEALTHY) == 6);
      assertThat(allOk(mesh.client(role).send(500)).versions()).containsOnlyKeys("a");
    }
  }

  @Test
  void callersOfDifferentZonesHaveDifferentNeighbours() {
    try (TestMesh mesh = new TestMesh("neighbours", folder)) {
      List<TestBackend> a = backends(mesh, "a", 1);
      List<TestBackend> b = backends(mesh, "b", 1);
      mesh.savePolicy("locality: {mode: failover}");
      save(mesh, 1, a, b, List.of());
      mesh.runIn("eu", "a");
      mesh.start(Role.SIDECAR);
      mesh.runIn("eu", "b");
      mesh.start(Role.GATEWAY);

      assertThat(mesh.client(Role.SIDECAR).send(200).versions()).containsOnlyKeys("a");
      assertThat(mesh.client(Role.GATEWAY).send(200).versions()).containsOnlyKeys("b");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void eachPlaceHasItsShareWhereverTheCallerIs(Role role) {
    try (TestMesh mesh = new TestMesh("weighted", folder)) {
      List<TestBackend> a = backends(mesh, "a", 3);
      List<TestBackend> b = backends(mesh, "b", 1);
      List<TestBackend> us = backends(mesh, "us", 1);
      mesh.runIn("us", "a");
      mesh.savePolicy("locality: {mode: weighted, weights: {eu: 80, us: 20}}");
      save(mesh, 3, a, b, us);
      mesh.start(role);

      Shares.within3Deviations(
          Map.of("a", 0.6, "b", 0.2, "us", 0.2), () -> allOk(mesh.client(role).send(REQUESTS)));
    }
  }

  @Test
  void aGrpcClientWithoutAProxyPrefersItsNeighbours() throws Exception {
    GrpcBackend a = GrpcBackend.start("a");
    GrpcBackend b = GrpcBackend.start("b");
    try (TestMesh mesh = new TestMesh("grpc-failover", folder)) {
      mesh.runIn("eu", "b");
      mesh.savePolicy("protocol: grpc\nlocality: {mode: failover}");
      saveGrpc(mesh, a, b, true);
      try (GrpcCalls calls = GrpcCalls.proxyless(mesh.grpcBootstrap(), "orders.shop")) {
        assertThat(allOk(calls.call(200)).versions()).containsOnlyKeys("b");

        saveGrpc(mesh, a, b, false);

        Awaitility.await().until(() -> calls.call(20).versions().keySet().equals(Set.of("a")));
      }
    } finally {
      a.close();
      b.close();
    }
  }

  private static void saveGrpc(TestMesh mesh, GrpcBackend a, GrpcBackend b, boolean healthy) {
    mesh.save(
        "orders.yaml",
        Documents.service(
            List.of(instance(a.port(), "eu", "a", true), instance(b.port(), "eu", "b", healthy)),
            "grpc"));
  }

  private static List<TestBackend> backends(TestMesh mesh, String place, int count) {
    return IntStream.range(0, count).mapToObj(i -> mesh.backend(place, place + i)).toList();
  }

  /** Saves the instances of zones a and b of eu, and of us; of zone a, only the first are ready. */
  private static void save(
      TestMesh mesh, int ready, List<TestBackend> a, List<TestBackend> b, List<TestBackend> us) {
    List<String> instances = new ArrayList<>();
    for (int i = 0; i < a.size(); i++) {
      instances.add(instance(a.get(i).port(), "eu", "a", i < ready));
    }
    b.forEach(it -> instances.add(instance(it.port(), "eu", "b", true)));
    us.forEach(it -> instances.add(instance(it.port(), "us", "a", true)));
    mesh.save("orders.yaml", Documents.service(instances, "http"));
  }

  private static String instance(int port, String region, String zone, boolean healthy) {
    return "{address: 127.0.0.1, port: %d, healthy: %s, locality: {region: %s, zone: %s}}"
        .formatted(port, healthy, region, zone);
  }

  private static TrafficReport allOk(TrafficReport report) {
    assertThat(report.failures()).as("%s", report).isEmpty();
    return report;
  }
}
