package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Instances that are not to be called, by their source's word and by what they answer. */
@NeedsEnvoy
class HealthTest {
  private static final String ORDERS = "cluster\\.orders\\.shop.*\\.";
  private static final String CHECKS =
      "active: {http: {path: /healthz}, interval: 200ms, timeout: 1s, unhealthyThreshold: 2}";

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void anUnreadyInstanceGetsNothingAndWithoutAnyReadyOneRequestsFailAtOnce(Role role) {
    try (TestMesh mesh = new TestMesh("readiness", folder)) {
      TestBackend ready = mesh.backend("v1", "ready");
      TestBackend unready = mesh.backend("v1", "unready");
      save(mesh, ready(ready), unready(unready));
      mesh.savePolicy("retry: {attempts: 0}");
      EnvoyProcess envoy = mesh.start(role);

      assertThat(mesh.client(role).send(200).instances()).containsOnlyKeys("ready");
      save(mesh, unready(ready), unready(unready));
      envoy.awaitTrue("no instance to call", () -> envoy.stat(ORDERS + "membership_healthy") == 0);
      int reached = ready.requests();
      Answer answer = mesh.client(role).once();

      assertNobody(envoy, answer);
      assertThat(ready.requests()).isEqualTo(reached);
      assertThat(unready.requests()).isZero();
    }
  }

  /** What Envoy flags UH: it looked for an instance and found none, and did not panic. */
  private static void assertNobody(EnvoyProcess envoy, Answer answer) {
    assertThat(answer.status()).isEqualTo(503);
    assertThat(answer.body()).isEqualTo("no healthy upstream");
    assertThat(Duration.ofNanos(answer.doneNanos() - answer.sentNanos()))
        .isLessThan(Duration.ofSeconds(1));
    assertThat(envoy.stat(ORDERS + "upstream_cx_none_healthy")).isPositive();
    assertThat(envoy.stat(ORDERS + "lb_healthy_panic")).isZero();
  }

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void anInstanceThatFailsItsChecksGetsNothingUntilItPassesThem(Role role) {
    try (TestMesh mesh = new TestMesh("active", folder)) {
      TestBackend well = mesh.backend("v1", "well");
      TestBackend ill = mesh.backend("v1", "ill");
      TestBackend unready = mesh.backend("v1", "unready");
      save(mesh, ready(well), ready(ill), unready(unready));
      mesh.savePolicy("health: {source: both, " + CHECKS + "}\nretry: {attempts: 0}");
      EnvoyProcess envoy = mesh.start(role);
      awaitHealthy(envoy, 2);
      assertThat(mesh.client(role).send(200).instances()).containsOnlyKeys("well", "ill");

      ill.answerAt("/healthz", 503);
      awaitHealthy(envoy, 1);
      TrafficReport without = mesh.client(role).send(200);
      well.answerAt("/healthz", 503);
      awaitHealthy(envoy, 0);
      Answer nobody = mesh.client(role).once();
      well.answerAt("/healthz", 200);
      ill.answerAt("/healthz", 200);
      awaitHealthy(envoy, 2);
      TrafficReport with = mesh.client(role).send(200);

      assertThat(without.failures()).isEmpty();
      assertThat(without.instances()).containsOnlyKeys("well");
      assertNobody(envoy, nobody);
      assertThat(with.failures()).isEmpty();
      assertThat(with.instances()).containsOnlyKeys("well", "ill");
      assertThat(unready.requests()).isZero();
    }
  }

  private static void awaitHealthy(EnvoyProcess envoy, int instances) {
    envoy.awaitTrue(
        instances + " healthy instances",
        () -> envoy.stat(ORDERS + "membership_healthy") == instances);
  }

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void withSourceActiveTheChecksDecideWhateverTheSourceSays(Role role) {
    try (TestMesh mesh = new TestMesh("active-alone", folder)) {
      TestBackend ready = mesh.backend("v1", "ready");
      TestBackend unready = mesh.backend("v1", "unready");
      TestBackend ill = mesh.backend("v1", "ill");
      ill.answerAt("/healthz", 500);
      save(mesh, ready(ready), unready(unready), unready(ill));
      mesh.savePolicy("health: {source: active, " + CHECKS + "}");
      EnvoyProcess envoy = mesh.start(role);
      awaitHealthy(envoy, 2);

      TrafficReport report = mesh.client(role).send(200);

      assertThat(report.failures()).isEmpty();
      assertThat(report.instances()).containsOnlyKeys("ready", "unready");
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void belowThePanicPercentageAllAreCalled(Role role) {
    try (TestMesh mesh = new TestMesh("panic", folder)) {
      TestBackend one = mesh.backend("v1", "one");
      TestBackend two = mesh.backend("v1", "two");
      one.answerAt("/healthz", 500);
      two.answerAt("/healthz", 500);
      save(mesh, ready(one), ready(two));
      mesh.savePolicy("health: {source: both, panicPercent: 40, " + CHECKS + "}");
      EnvoyProcess envoy = mesh.start(role);

      TrafficReport report = mesh.client(role).send(100);

      assertThat(report.failures()).isEmpty();
      assertThat(report.instances()).containsOnlyKeys("one", "two");
      assertThat(envoy.stat(ORDERS + "lb_healthy_panic")).isPositive();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void instancesCanBeAskedAtAnotherPortAndByAConnectionAlone(Role role) {
    try (TestMesh mesh = new TestMesh("health-port", folder)) {
      TestBackend instance = mesh.backend("v1", "instance");
      TestBackend checked = mesh.backend("v1", "checked");
      save(mesh, ready(instance));
      mesh.savePolicy(
          """
          health: {source: active, active: {tcp: {}, port: %d, interval: 200ms, unhealthyThreshold: 1}}
          """
              .formatted(checked.port()));
      EnvoyProcess envoy = mesh.start(role);
      awaitHealthy(envoy, 1);
      assertThat(mesh.client(role).once().status()).isEqualTo(200);

      checked.close();
      awaitHealthy(envoy, 0);

      assertThat(mesh.client(role).once().status()).isEqualTo(503);
    }
  }

  @Test
  void instancesOfGrpcSayThemselvesWhetherTheyServe() {
    GrpcBackend v1 = GrpcBackend.start("v1");
    GrpcBackend v2 = GrpcBackend.start("v2");
    v2.serve(false);
    try (TestMesh mesh = new TestMesh("grpc-health", folder)) {
      mesh.saveOrders(v1, v2);
      mesh.savePolicy(
          """
          health: {source: both, active: {grpc: {}, interval: 200ms, unhealthyThreshold: 1}}
          """);
      EnvoyProcess envoy = mesh.start(Role.SIDECAR);
      awaitHealthy(envoy, 1);
      try (GrpcCalls calls = GrpcCalls.through(mesh.port(Role.SIDECAR), "orders.shop")) {
        assertThat(calls.call(100).versions()).containsOnlyKeys("v1");

        v2.serve(true);
        awaitHealthy(envoy, 2);

        assertThat(calls.call(100).versions()).containsOnlyKeys("v1", "v2");
      }
    } finally {
      v1.close();
      v2.close();
    }
  }

  private static void save(TestMesh mesh, String... instances) {
    mesh.save("orders.yaml", Documents.service(List.of(instances), "http"));
  }

  private static String ready(TestBackend backend) {
    return Documents.instance(backend.port(), "v1");
  }

  private static String unready(TestBackend backend) {
    return "{address: 127.0.0.1, port: %d, labels: {version: v1}, healthy: false}"
        .formatted(backend.port());
  }
}
