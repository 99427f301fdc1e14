package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Copies of requests, and the kill switch. */
@NeedsEnvoy
class MirrorAndDegradeTest {
  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void theMirrorGetsItsShareOfCopiesAndItsFailuresAreInvisible(Role role) {
    try (TestMesh mesh = new TestMesh("mirror", folder)) {
      TestBackend v1 = mesh.backend("v1", "a");
      TestBackend v2 = mesh.backend("v2", "b");
      mesh.saveOrders(v1, v2);
      mesh.savePolicy(
          Documents.split(100, 0)
              + """
              circuitBreaker: {outlier: {consecutiveErrors: 0}}
              mirror: {version: v2, percent: 20}
              routes:
                - name: all
                  match: [{path: {prefix: /all}}]
                  mirror: {percent: 100}
                - name: none
                  match: [{path: {prefix: /none}}]
                  mirror: {percent: 0}
              """);
      mesh.start(role);
      TrafficClient client = mesh.client(role);
      v2.answerWith(500);

      TrafficReport report = client.send(2_000);

      assertThat(report.failures()).as("%s", report).isEmpty();
      assertThat(report.versions()).containsOnlyKeys("v1");
      // Three standard deviations of 2000 draws at 20 % are 54.
      Awaitility.await().until(() -> v2.requests() > 340);
      assertThat(v2.requests()).isBetween(340, 460);

      v2.reset();
      int before = v2.requests();
      assertThat(client.at("/all").send(100).failures()).isEmpty();
      Awaitility.await().until(() -> v2.requests() - before >= 100);
      assertThat(v2.requests() - before).isEqualTo(100);
      v2.hold();
      TrafficReport held = client.at("/all").send(10, 1);
      assertThat(held.failures()).isEmpty();
      Awaitility.await().until(() -> v2.requests() - before == 110);
      assertThat(client.at("/none").send(100).failures()).isEmpty();
      assertThat(v2.requests() - before).isEqualTo(110);
    }
  }

  @Test
  void aMirrorToAnotherServiceFollowsItAndIsLeftOutWhileItIsUnknown() {
    try (TestMesh mesh = new TestMesh("mirror-service", folder)) {
      TestBackend audit = mesh.backend("v1", "audit");
      mesh.saveOrders(mesh.backend("v1", "a"));
      mesh.savePolicy("mirror: {service: audit}");
      mesh.start(Role.SIDECAR);
      TrafficClient client = mesh.client(Role.SIDECAR);

      assertThat(client.send(50).failures()).isEmpty();
      assertThat(audit.requests()).isZero();
      assertThat(mesh.server().views().problems().get())
          .anyMatch(it -> it.message().contains("no source knows"));

      mesh.save("audit.yaml", Documents.orders(audit).replace("name: orders,", "name: audit,"));
      Awaitility.await().until(() -> client.send(1).failures().isEmpty() && audit.requests() > 0);
      int before = audit.requests();
      assertThat(client.send(100).failures()).isEmpty();
      Awaitility.await().until(() -> audit.requests() - before >= 100);

      mesh.delete("audit.yaml");
      Awaitility.await()
          .until(() -> client.send(20).failures().isEmpty() && isQuiet(client, audit));
    }
  }

  private static boolean isQuiet(TrafficClient client, TestBackend backend) {
    int before = backend.requests();
    return client.send(20).failures().isEmpty() && backend.requests() == before;
  }

  @ParameterizedTest
  @EnumSource(names = {"GATEWAY", "SIDECAR"})
  void theKillSwitchGoesOnAndOffWithoutALostRequest(Role role) {
    try (TestMesh mesh = new TestMesh("degrade", folder)) {
      mesh.saveOrders(mesh.backend("v1", "a"), mesh.backend("v2", "b"));
      String sections =
          Documents.split(100, 0)
              + """
              degrade: {enabled: %s, status: 503, body: closed for today}
              routes:
                - name: testers
                  match: [{headers: [{name: x-canary, exact: "true"}]}]
                  to: {version: v2}
              """;
      mesh.savePolicy(sections.formatted(false));
      mesh.start(role);
      TrafficClient client = mesh.client(role);
      try (ContinuousTraffic traffic = client.keepSending(4, Duration.ofMillis(1))) {
        assertThat(traffic.await(50).statuses()).containsOnlyKeys(200);

        mesh.savePolicy(sections.formatted(true));
        mesh.awaitAnswers(role, report -> report.statuses().keySet().equals(Set.of(503)));
        Answer answer = client.once();
        assertThat(answer.body()).isEqualTo("closed for today");
        assertThat(answer.instance()).isEmpty();
        assertThat(client.with("x-canary", "true").send(50).versions())
            .isEqualTo(Map.of("v2", 50L));

        mesh.savePolicy(sections.formatted(false));
        mesh.awaitAnswers(role, report -> report.failures().isEmpty());

        TrafficReport all = traffic.stop();
        assertThat(all.statuses()).as("%s", all).containsOnlyKeys(200, 503);
        assertThat(all.failures()).allMatch(it -> it.body().equals("closed for today"));
      }
    }
  }
}
