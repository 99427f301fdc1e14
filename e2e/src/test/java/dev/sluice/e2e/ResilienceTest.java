package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Ejection, limits, retries and timeouts, as Envoy's own statistics tell of them. */
@NeedsEnvoy
class ResilienceTest {
  private static final String ORDERS = "cluster\\.orders\\.shop.*\\.";

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void fiveConsecutive503sEjectAnInstanceAndItReturns(Role role) {
    try (TestMesh mesh = new TestMesh("ejection", folder)) {
      TestBackend good = mesh.backend("v1", "good");
      TestBackend bad = mesh.backend("v1", "bad");
      mesh.saveOrders(good, bad);
      mesh.savePolicy(
          """
          retry: {attempts: 0}
          circuitBreaker: {outlier: {consecutiveErrors: 5, interval: 200ms, ejectFor: 1s}}
          """);
      EnvoyProcess envoy = mesh.start(role);
      // One connection: requests come one after another, so that the errors can be counted.
      try (ContinuousTraffic traffic = mesh.client(role).keepSending(1, Duration.ofMillis(1))) {
        assertThat(traffic.await(50).instances()).containsOnlyKeys("good", "bad");

        bad.answerWith(503);
        envoy.awaitTrue(
            "an ejection", () -> envoy.stat(ORDERS + "outlier_detection.ejections_active") == 1);
        TrafficReport ejected = traffic.await(50);
        bad.answerWith(200);
        envoy.awaitTrue(
            "its return", () -> envoy.stat(ORDERS + "outlier_detection.ejections_active") == 0);
        TrafficReport returned = traffic.await(50);

        assertThat(ejected.instances()).containsOnlyKeys("good");
        assertThat(returned.instances()).containsOnlyKeys("good", "bad");
        assertThat(traffic.stop().statuses()).containsEntry(503, 5L).containsOnlyKeys(200, 503);
        assertThat(envoy.stat(ORDERS + "outlier_detection.ejections_enforced_consecutive_5xx"))
            .isEqualTo(1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void withMaxRequests1ASecondRequestOverflows(Role role) {
    try (TestMesh mesh = new TestMesh("overflow", folder)) {
      TestBackend backend = mesh.backend("v1", "a");
      mesh.saveOrders(backend);
      mesh.savePolicy("circuitBreaker: {maxRequests: 1}");
      EnvoyProcess envoy = mesh.start(role);
      backend.hold();
      try (ContinuousTraffic held = mesh.client(role).keepSending(1, Duration.ofMinutes(1))) {
        envoy.awaitTrue("a held request", () -> backend.requests() == 1);

        Answer overflow = mesh.client(role).once();

        // What Envoy flags UO shows in the header, in its words and in the cluster's counter (which
        // has had two names).
        assertThat(overflow.status()).isEqualTo(503);
        assertThat(overflow.headers()).containsEntry("x-envoy-overloaded", "true");
        assertThat(overflow.body()).contains("overflow");
        assertThat(envoy.stat(ORDERS + "upstream_rq_(active|pending)_overflow")).isEqualTo(1);
        assertThat(envoy.stat(ORDERS + "circuit_breakers.default.rq_open")).isEqualTo(1);
        assertThat(backend.requests()).isEqualTo(1);
        backend.answerWith(200);
        envoy.awaitTrue("the held answer", () -> held.soFar().count() == 1);
        assertThat(held.soFar().failures()).isEmpty();
      }
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void aRetryRescuesARequestWhoseFirstTryWasRefused(Role role) {
    try (TestMesh mesh = new TestMesh("retry", folder)) {
      TestBackend good = mesh.backend("v1", "good");
      int nobody = Ports.free();
      mesh.save(
          "orders.yaml",
          Documents.service(
              List.of(Documents.instance(good.port(), "v1"), Documents.instance(nobody, "v1")),
              "http"));
      mesh.savePolicy(
          """
          loadBalancer: {type: RoundRobin}
          retry: {attempts: 1, retryOn: [connect-failure]}
          circuitBreaker: {outlier: {consecutiveErrors: 0}}
          """);
      EnvoyProcess envoy = mesh.start(role);

      TrafficReport report = mesh.client(role).send(100, 1);

      assertThat(report.failures()).as("%s", report).isEmpty();
      assertThat(envoy.stat(ORDERS + "upstream_cx_connect_fail")).isGreaterThanOrEqualTo(49);
      assertThat(envoy.stat(ORDERS + "upstream_rq_retry_success"))
          .isEqualTo(envoy.stat(ORDERS + "upstream_rq_retry"))
          .isGreaterThanOrEqualTo(49);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void perTryTimeoutCutsASlowInstanceOff(Role role) {
    try (TestMesh mesh = new TestMesh("per-try-timeout", folder)) {
      TestBackend fast = mesh.backend("v1", "fast");
      TestBackend slow = mesh.backend("v1", "slow");
      mesh.saveOrders(fast, slow);
      mesh.savePolicy(
          """
          loadBalancer: {type: RoundRobin}
          retry: {attempts: 1, perTryTimeout: 200ms, retryOn: [gateway-error]}
          circuitBreaker: {outlier: {consecutiveErrors: 0}}
          timeouts: {request: 5s}
          """);
      EnvoyProcess envoy = mesh.start(role);
      slow.hold();

      TrafficReport report = mesh.client(role).send(10, 1);

      assertThat(report.failures()).as("%s", report).isEmpty();
      assertThat(report.instances()).containsOnlyKeys("fast");
      // Each time that the slow instance was tried, and no other.
      assertThat(slow.requests()).isGreaterThanOrEqualTo(5);
      assertThat(envoy.stat(ORDERS + "upstream_rq_per_try_timeout")).isEqualTo(slow.requests());
      assertThat(envoy.stat(ORDERS + "upstream_rq_retry_success")).isEqualTo(slow.requests());
      assertThat(envoy.stat(ORDERS + "upstream_rq_timeout")).isZero();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void theRequestTimeoutEndsARequestThatNobodyAnswers(Role role) {
    try (TestMesh mesh = new TestMesh("timeout", folder)) {
      TestBackend slow = mesh.backend("v1", "slow");
      mesh.saveOrders(slow);
      mesh.savePolicy("timeouts: {request: 300ms}");
      EnvoyProcess envoy = mesh.start(role);
      slow.hold();

      Answer answer = mesh.client(role).once();

      assertThat(answer.status()).isEqualTo(504);
      assertThat(Duration.ofNanos(answer.doneNanos() - answer.sentNanos()))
          .isBetween(Duration.ofMillis(250), Duration.ofSeconds(3));
      assertThat(envoy.stat(ORDERS + "upstream_rq_timeout")).isEqualTo(1);
    }
  }
}
