package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.InboundPort;
import dev.sluice.node.Role;
import dev.sluice.server.bootstrap.EnvoyBootstrap.Variant;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services that speak something else than HTTP. */
@NeedsEnvoy
class TcpTest {
  private static final String DB = "cluster\\.db\\.shop.*\\.";

  @TempDir Path folder;
  private final List<TcpBackend> backends = new ArrayList<>();

  @AfterEach
  void close() {
    backends.forEach(TcpBackend::close);
  }

  @Test
  void connectionsAreDividedAmongTheInstances() {
    try (TestMesh mesh = new TestMesh("tcp", folder)) {
      int port = mesh.connectTcp("db");
      save(mesh, backend("a"), backend("b"), backend("c"));
      savePolicy(mesh, "loadBalancer: {type: RoundRobin}");
      mesh.start(Role.SIDECAR).awaitListener(port);

      assertThat(TcpConnection.greetings(port, 300))
          .hasSize(3)
          .allSatisfy((_, n) -> assertThat(n).isBetween(98L, 102L));
    }
  }

  @Test
  void aNewConnectionGoesWhereFewAreOpen() {
    try (TestMesh mesh = new TestMesh("tcp-least", folder)) {
      int port = mesh.connectTcp("db");
      save(mesh, backend("a"), backend("b"));
      mesh.start(Role.SIDECAR).awaitListener(port);
      List<TcpConnection> open = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        open.add(TcpConnection.open(port));
      }

      assertThat(backends).allSatisfy(it -> assertThat(it.connections()).isBetween(15, 25));
      open.forEach(TcpConnection::close);
    }
  }

  @Test
  void versionsHaveTheirSharesAndOpenConnectionsGoOnForTheDrainTimeWhenTheyChange() {
    try (TestMesh mesh = new TestMesh("tcp-split", folder)) {
      int port = mesh.connectTcp("db");
      save(mesh, backend("v1"), backend("v2"));
      String versions = Documents.versions("v1", "v2");
      savePolicy(mesh, versions + "split: {weights: {v1: 80, v2: 20}}");
      EnvoyProcess envoy = mesh.start(Role.SIDECAR).awaitListener(port);
      // 400 of 2000, within five standard deviations, of which one is 18.
      assertThat(TcpConnection.greetings(port, 2_000).get("v2")).isBetween(310L, 490L);
      try (TcpConnection open = TcpConnection.open(port)) {
        savePolicy(mesh, versions + "split: {weights: {v1: 0, v2: 100}}");
        envoy.awaitTrue(
            "all to v2", () -> TcpConnection.greetings(port, 20).keySet().equals(Set.of("v2")));

        assertThat(open.echo("still")).isEqualTo("still");
      }
    }
  }

  @Test
  void aGatewayPassesConnectionsOnToTheServiceWhosePolicyNamesTheListener() {
    try (TestMesh mesh = new TestMesh("tcp-gateway", folder)) {
      int port = Ports.free();
      mesh.save(
          "tcp-gateway.yaml",
          """
          apiVersion: sluice.dev/v1
          kind: Gateway
          metadata: {name: databases, namespace: shop}
          spec:
            proxies: {selector: {app: front}}
            listeners: [{name: postgres, port: %d, protocol: TCP}]
          """
              .formatted(port));
      save(mesh, backend("v1"), backend("v2"));
      savePolicy(
          mesh,
          "attach: {gateways: [{name: databases, listener: postgres}]}\n"
              + "loadBalancer: {type: RoundRobin}");
      mesh.start(Role.GATEWAY).awaitListener(port);

      assertThat(TcpConnection.greetings(port, 100))
          .hasSize(2)
          .allSatisfy((_, n) -> assertThat(n).isBetween(48L, 52L));
    }
  }

  @Test
  void anInstanceThatTakesNoConnectionsIsPassedOver() {
    try (TestMesh mesh = new TestMesh("tcp-refused", folder)) {
      int port = mesh.connectTcp("db");
      TcpBackend gone = backend("gone");
      save(mesh, backend("a"), backend("b"), gone);
      savePolicy(mesh, "loadBalancer: {type: RoundRobin}");
      EnvoyProcess envoy = mesh.start(Role.SIDECAR).awaitListener(port);
      gone.close();

      assertThat(TcpConnection.greetings(port, 60)).containsOnlyKeys("a", "b");
      assertThat(envoy.stat(DB + "upstream_cx_connect_fail")).isPositive();
    }
  }

  @Test
  void withoutAReadyInstanceConnectionsAreClosedAtOnce() {
    try (TestMesh mesh = new TestMesh("tcp-unready", folder)) {
      int port = mesh.connectTcp("db");
      TcpBackend unready = backend("unready");
      saveInstances(mesh, List.of(instance(unready) + ", healthy: false}"));
      EnvoyProcess envoy = mesh.start(Role.SIDECAR).awaitListener(port);

      assertThat(TcpConnection.greetings(port, 5)).containsOnlyKeys("");
      assertThat(envoy.stat(DB + "upstream_cx_none_healthy")).isPositive();
    }
  }

  @Test
  void aSidecarTakesTheConnectionsToItsOwnApplication() {
    try (TestMesh mesh = new TestMesh("tcp-inbound", folder)) {
      TcpBackend application = backend("application");
      int port = Ports.free();
      mesh.save(
          "front.yaml",
          """
          apiVersion: sluice.dev/v1
          kind: StaticService
          metadata: {name: front, namespace: shop}
          spec:
            ports: [{port: 5432, protocol: tcp}]
            endpoints: [{address: 127.0.0.1, port: %d}]
          """
              .formatted(port));
      mesh.start(Role.SIDECAR, Variant.DELTA, List.of(new InboundPort(port, application.port())))
          .awaitListener(port);

      assertThat(TcpConnection.greetings(port, 3)).containsOnlyKeys("application");
    }
  }

  private TcpBackend backend(String name) {
    TcpBackend backend = TcpBackend.start(name);
    backends.add(backend);
    return backend;
  }

  /** Each is of the version that it is called. */
  private static void save(TestMesh mesh, TcpBackend... instances) {
    saveInstances(mesh, Arrays.stream(instances).map(it -> instance(it) + "}").toList());
  }

  private static String instance(TcpBackend backend) {
    return "{address: 127.0.0.1, port: %d, labels: {version: %s}"
        .formatted(backend.port(), backend.name());
  }

  private static void saveInstances(TestMesh mesh, List<String> instances) {
    mesh.save(
        "db.yaml",
        """
        apiVersion: sluice.dev/v1
        kind: StaticService
        metadata: {name: db, namespace: shop}
        spec:
          ports: [{port: 5432, protocol: tcp}]
          endpoints: [%s]
        """
            .formatted(String.join(", ", instances)));
  }

  private static void savePolicy(TestMesh mesh, String sections) {
    mesh.save(
        "db-policy.yaml",
        """
        apiVersion: sluice.dev/v1
        kind: TrafficPolicy
        metadata: {name: db, namespace: shop}
        spec:
          target: {service: db}
        """
            + sections.indent(2));
  }
}
