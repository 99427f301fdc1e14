package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which tries are followed by another, where to and when. */
@NeedsEnvoy
class RetryTest {
  @TempDir Path folder;

  @Test
  void onlyTheListedConditionsAreTriedAgain() {
    try (TestMesh mesh = new TestMesh("retry-on", folder)) {
      TestBackend backend = mesh.backend("v1", "a");
      mesh.saveOrders(backend);
      mesh.savePolicy(
          """
          circuitBreaker: {outlier: {consecutiveErrors: 0}}
          routes:
            - name: statuses
              match: [{path: {prefix: /statuses}}]
              retry: {attempts: 2, retryOn: ["503", "404"]}
            - name: resets
              match: [{path: {prefix: /resets}}]
              retry: {attempts: 2, retryOn: [reset]}
          """);
      mesh.start(Role.SIDECAR);
      TrafficClient client = mesh.client(Role.SIDECAR);

      backend.answerWith(503);
      assertThat(tries(backend, client.at("/statuses"))).isEqualTo(3);
      assertThat(tries(backend, client.at("/resets"))).isEqualTo(1);
      assertThat(tries(backend, client)).as("by default").isEqualTo(1);
      backend.answerWith(404);
      assertThat(tries(backend, client.at("/statuses"))).isEqualTo(3);
      backend.answerWith(502);
      assertThat(tries(backend, client.at("/statuses"))).isEqualTo(1);
      backend.reset();
      assertThat(tries(backend, client.at("/resets"))).isEqualTo(3);
      assertThat(tries(backend, client.at("/statuses"))).isEqualTo(1);
      assertThat(tries(backend, client)).as("by default, once it was sent").isEqualTo(1);
    }
  }

  private static int tries(TestBackend backend, TrafficClient client) {
    int before = backend.requests();
    assertThat(client.once().ok()).isFalse();
    return backend.requests() - before;
  }

  @Test
  void anInstanceThatFailedIsNotTriedAgain() {
    try (TestMesh mesh = new TestMesh("retry-elsewhere", folder)) {
      TestBackend bad = mesh.backend("v1", "bad");
      mesh.saveOrders(mesh.backend("v1", "good"), bad);
      String policy =
          """
          loadBalancer: {type: Random}
          circuitBreaker: {outlier: {consecutiveErrors: 0}}
          retry: {attempts: 1, retryOn: ["503"], avoidPreviousHosts: %s}
          """;
      mesh.savePolicy(policy.formatted(false));
      mesh.start(Role.SIDECAR);
      bad.answerWith(503);

      // The other instance is asked half the time: a quarter of the requests meet the bad one
      // twice.
      assertThat(mesh.client(Role.SIDECAR).send(400).failures().size()).isBetween(50, 150);

      mesh.savePolicy(policy.formatted(true));
      mesh.awaitAnswers(Role.SIDECAR, report -> report.failures().isEmpty());
      // A retry asks the balancer six times at most, so one of 2^7 requests might still fail.
      assertThat(mesh.client(Role.SIDECAR).send(400).failures().size()).isLessThan(15);
    }
  }

  @Test
  void aRetryLeavesTheVersionFirstPickedInEndpointModeAlone() {
    try (TestMesh mesh = new TestMesh("retry-canary", folder)) {
      TestBackend canary = mesh.backend("v2", "canary");
      mesh.saveOrders(mesh.backend("v1", "stable"), canary);
      String policy =
          """
          loadBalancer: {type: RoundRobin}
          split: {mode: %s, weights: {v1: 80, v2: 20}}
          circuitBreaker: {outlier: {consecutiveErrors: 0}}
          retry: {attempts: 2, retryOn: ["503"]}
          """;
      mesh.savePolicy(Documents.versions("v1", "v2") + policy.formatted("cluster"));
      mesh.start(Role.SIDECAR);
      canary.answerWith(503);

      // Four standard deviations of 500 draws at 20 % are 36.
      TrafficReport stuck = mesh.client(Role.SIDECAR).send(500);
      assertThat(stuck.failures().size()).as("%s", stuck).isBetween(64, 136);
      assertThat(canary.requests()).isEqualTo(3 * stuck.failures().size());

      mesh.savePolicy(Documents.versions("v1", "v2") + policy.formatted("endpoint"));
      mesh.awaitAnswers(Role.SIDECAR, report -> report.failures().isEmpty());
      int before = canary.requests();
      assertThat(mesh.client(Role.SIDECAR).send(500, 1).failures()).isEmpty();
      assertThat(canary.requests()).isGreaterThan(before);
    }
  }

  @Test
  void theWaitBetweenTriesGrowsFromTheBaseAndNoFurtherThanTheLimit() {
    try (TestMesh mesh = new TestMesh("retry-backoff", folder);
        ScriptedBackend backend =
            ScriptedBackend.start(
                (headers, in, out) ->
                    ScriptedBackend.write(out, "HTTP/1.1 503 No\nContent-Length: 0\n\n"))) {
      mesh.save("orders.yaml", backend.orders());
      mesh.savePolicy(
          """
          circuitBreaker: {outlier: {consecutiveErrors: 0}}
          timeouts: {request: 0s}
          retry: {attempts: 3, retryOn: ["503"], backoff: {base: 100ms, max: 150ms}}
          """);
      mesh.start(Role.SIDECAR);
      TrafficClient client = mesh.client(Role.SIDECAR);
      List<List<Long>> waits = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());

      for (int i = 0; i < 12; i++) {
        int before = backend.arrivals().size();
        assertThat(client.once().status()).isEqualTo(503);
        List<Long> arrivals = backend.arrivals().subList(before, before + 4);
        for (int k = 0; k < 3; k++) {
          waits.get(k).add(TimeUnit.NANOSECONDS.toMillis(arrivals.get(k + 1) - arrivals.get(k)));
        }
      }

      // Each is a random part of the base, doubled at each try, up to the limit.
      assertThat(waits.get(0)).allMatch(millis -> millis < 100 + SLACK);
      assertThat(waits.get(1)).allMatch(millis -> millis < 150 + SLACK);
      assertThat(waits.get(2)).allMatch(millis -> millis < 150 + SLACK);
      assertThat(Collections.max(waits.get(0))).isGreaterThan(20);
      assertThat(Collections.max(waits.get(2))).isGreaterThan(40);
    }
  }

  /** Milliseconds that a loaded machine may take besides. */
  private static final long SLACK = 120;

  private static final String HEDGED =
      """
      loadBalancer: {type: RoundRobin}
      circuitBreaker: {outlier: {consecutiveErrors: 0}}
      timeouts: {request: 10s}
      retry: {attempts: 1, hedge: {after: 200ms}}
      """;

  @Test
  void aSecondTryStartsBesideASlowOneAndTheFirstAnswerCounts() {
    try (TestMesh mesh = new TestMesh("hedge", folder)) {
      TestBackend fast = mesh.backend("v1", "fast");
      TestBackend slow = mesh.backend("v1", "slow");
      mesh.saveOrders(fast, slow);
      mesh.savePolicy(HEDGED);
      EnvoyProcess envoy = mesh.start(Role.SIDECAR);
      slow.hold();

      TrafficReport report = mesh.client(Role.SIDECAR).send(10, 1);

      assertThat(report.failures()).as("%s", report).isEmpty();
      assertThat(report.instances()).containsOnlyKeys("fast");
      assertThat(slow.requests()).isGreaterThanOrEqualTo(4);
      assertThat(report.answers())
          .allMatch(it -> it.doneNanos() - it.sentNanos() < TimeUnit.SECONDS.toNanos(5));
      assertThat(envoy.stat("cluster\\.orders\\.shop.*\\.upstream_rq_retry"))
          .isEqualTo(slow.requests());
    }
  }

  @Test
  void aSlowTryThatHasASecondOneBesideItMayStillAnswer() {
    try (TestMesh mesh = new TestMesh("hedge-late", folder)) {
      TestBackend first = mesh.backend("v1", "first");
      TestBackend second = mesh.backend("v1", "second");
      mesh.saveOrders(first, second);
      mesh.savePolicy(HEDGED);
      EnvoyProcess envoy = mesh.start(Role.SIDECAR);
      first.hold();
      second.hold();
      try (ContinuousTraffic traffic =
          mesh.client(Role.SIDECAR).keepSending(1, Duration.ofMinutes(1))) {
        envoy.awaitTrue("two tries", () -> first.requests() == 1 && second.requests() == 1);
        boolean firstWasFirst = envoy.stat("cluster\\.orders\\.shop.*\\.upstream_rq_retry") == 1;
        assertThat(firstWasFirst).isTrue();

        first.answerWith(200);
        envoy.awaitTrue("the answer", () -> traffic.soFar().count() == 1);

        assertThat(traffic.soFar().instances()).containsOnlyKeys("first");
      }
    }
  }
}
