package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.node.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A canary over five Envoys under a thousand requests a second: {@code -Drollout.requests=1000000}
 * has so many be sent, 30,000 unless it is given.
 */
@NeedsEnvoy
class RolloutLoadTest {
  private static final int REQUESTS = Integer.getInteger("rollout.requests", 30_000);
  private static final int A_SECOND = 1_000;
  private static final int SIDECARS = 4;

  /** So many for each proxy that the time which an answer takes is little beside the pause. */
  private static final int CONNECTIONS = 10;

  private static final Duration PAUSE =
      Duration.ofMillis(1_000L * (SIDECARS + 1) * CONNECTIONS / A_SECOND);

  private static final List<Integer> STEPS = List.of(1, 10, 50, 100);

  @TempDir private Path folder;

  @Test
  void eachStepHasItsSharesOnEachProxyAndNoRequestFails() {
    Duration hold = Duration.ofSeconds(Math.max(4, REQUESTS / A_SECOND / STEPS.size()));
    try (TestMesh mesh = new TestMesh("load", folder)) {
      mesh.saveOrders(
          mesh.backend("v1", "a"),
          mesh.backend("v1", "b"),
          mesh.backend("v2", "c"),
          mesh.backend("v2", "d"));
      mesh.savePolicy(Documents.split(1, 0));
      SortedMap<String, ContinuousTraffic> traffic = new TreeMap<>();
      List<TrafficClient> testers = new ArrayList<>();
      for (int i = 0; i < SIDECARS; i++) {
        mesh.start(Role.SIDECAR);
        traffic.put(mesh.id(Role.SIDECAR), keepSending(mesh.client(Role.SIDECAR)));
        testers.add(mesh.client(Role.SIDECAR).with("x-tester", "1"));
        mesh.goToNextSidecar();
      }
      mesh.start(Role.GATEWAY);
      traffic.put(mesh.id(Role.GATEWAY), keepSending(mesh.client(Role.GATEWAY)));
      testers.add(mesh.client(Role.GATEWAY).with("x-tester", "1"));
      traffic.values().forEach(one -> one.await(20));
      long begun = System.nanoTime();

      mesh.savePolicy(policy(hold));
      for (int step : STEPS) {
        awaitHeld(mesh, step, hold);
        assertThat(mesh.rollout().path("proxies").path("acknowledged").asInt())
            .isEqualTo(SIDECARS + 1);
        long from = System.nanoTime();
        // A quarter of the step, so that a slow machine has time to count them in it.
        int enough = (int) Math.min(2_000, hold.toSeconds() * A_SECOND / (SIDECARS + 1) / 4);
        List<Answer> all = new ArrayList<>();
        traffic.forEach(
            (id, one) -> {
              TrafficReport report = one.awaitSentAfter(from, enough);
              assertShare(id, step, report);
              all.addAll(report.answers());
            });
        TrafficReport together = new TrafficReport(all);
        assertShare("all", step, together);
        assertThat(together.versions()).as("at %d %%", step).containsKey("v2");
        for (TrafficClient tester : testers) {
          assertThat(tester.send(10).versions())
              .as("testers at " + step)
              .isEqualTo(Map.of("v2", 10L));
        }
      }

      Awaitility.await()
          .atMost(hold.multipliedBy(2L * STEPS.size()).plusSeconds(60))
          .until(
              () ->
                  traffic.values().stream().mapToInt(ContinuousTraffic::answered).sum()
                      >= REQUESTS);
      int sent = 0;
      for (ContinuousTraffic one : traffic.values()) {
        TrafficReport report = one.stop();
        sent += report.count();
        assertThat(report.failures()).isEmpty();
      }
      double seconds = (System.nanoTime() - begun) / 1e9;
      System.out.printf("%d requests, none failed, %.0f a second%n", sent, sent / seconds);
      assertThat(sent).isGreaterThanOrEqualTo(REQUESTS);
    }
  }

  private static ContinuousTraffic keepSending(TrafficClient client) {
    return client.keepSending(CONNECTIONS, PAUSE);
  }

  /** Those with the header have the new version at each step. */
  private static String policy(Duration hold) {
    String steps =
        STEPS.stream()
            .map(step -> "{weight: %d, hold: %ds}".formatted(step, hold.toSeconds()))
            .reduce((one, other) -> one + ", " + other)
            .orElseThrow();
    return Documents.versions("v1", "v2")
        + """
        routes:
          - name: testers
            match: [{headers: [{name: x-tester, exact: "1"}]}]
            to: {version: v2}
        rollout: {canary: {from: v1, to: v2, steps: [%s]}}
        """
            .formatted(steps);
  }

  private static void awaitHeld(TestMesh mesh, int percent, Duration hold) {
    Awaitility.await()
        .atMost(hold.multipliedBy(2).plusSeconds(30))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> isAt(mesh.rollout(), percent));
  }

  private static boolean isAt(JsonNode rollout, int percent) {
    return rollout.path("versions").path(1).path("percent").asInt() == percent
        && List.of("HOLDING", "COMPLETE").contains(rollout.path("phase").asText());
  }

  /** Within five standard deviations of what chance gives. */
  private static void assertShare(String proxy, int percent, TrafficReport report) {
    long ofNew = report.versions().getOrDefault("v2", 0L);
    double share = percent / 100.0;
    double chance = 5 * Math.sqrt(share * (1 - share) / report.count());
    assertThat(ofNew / (double) report.count())
        .as("%s at %d %%: %s", proxy, percent, report.versions())
        .isCloseTo(share, within(chance));
  }
}
