package dev.sluice.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.Role;
import dev.sluice.problem.Problem;
import dev.sluice.server.admin.AdminViews;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A document with a mistake is told where and what, and changes no traffic. */
@NeedsEnvoy
class BadDocumentsTest {
  @TempDir Path folder;

  static Stream<Arguments> mistakes() {
    String good = Documents.policy(Documents.split(0, 100));
    return Stream.of(
        Arguments.of("bad YAML", good.replace("v2: 100}}", "v2: 100"), 9, "}"),
        Arguments.of("unknown key", good.replace("split:", "splitt:"), 8, "split"),
        Arguments.of("unknown version", good.replace("v2: 100", "v3: 100"), 8, "v1, v2"),
        Arguments.of("zero weights", good.replace("v2: 100", "v2: 0"), 8, "0"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void aMistakeIsToldWithItsPlaceAndTrafficIsAsBefore(
      String name, String document, int line, String words) {
    try (TestMesh mesh = new TestMesh("mistake", folder)) {
      mesh.saveOrders(mesh.backend("v1", "a"), mesh.backend("v2", "b"));
      mesh.savePolicy(Documents.split(100, 0));
      mesh.start(Role.SIDECAR);
      try (ContinuousTraffic traffic =
          mesh.client(Role.SIDECAR).keepSending(2, Duration.ofMillis(1))) {
        traffic.await(50);

        mesh.save("orders-policy.yaml", document);
        List<Problem> problems = awaitProblems(mesh);

        assertThat(problems)
            .anySatisfy(
                problem -> {
                  assertThat(problem.location().file()).endsWith("orders-policy.yaml");
                  assertThat(problem.location().line()).isEqualTo(line);
                  assertThat(problem.location().column()).isPositive();
                  assertThat(problem.message()).contains(words);
                });
        assertThat(traffic.await(300).versions()).containsOnlyKeys("v1");

        // Corrected, it is applied: the last good one was kept, not stuck.
        mesh.savePolicy(Documents.split(0, 100));
        mesh.awaitVersion(Role.SIDECAR, "v2");
        assertThat(problems(mesh)).isEmpty();
        assertThat(traffic.stop().failures()).isEmpty();
      }
    }
  }

  @Test
  void aHostThatAnotherPolicyHasIsToldWithItsPlaceAndTrafficIsAsBefore() {
    try (TestMesh mesh = new TestMesh("duplicate-host", folder)) {
      mesh.saveOrders(mesh.backend("v1", "a"));
      mesh.savePolicy("timeouts: {request: 5s}");
      mesh.start(Role.GATEWAY);
      try (ContinuousTraffic traffic =
          mesh.client(Role.GATEWAY).keepSending(2, Duration.ofMillis(1))) {
        traffic.await(50);

        String pay = Documents.orders(mesh.backend("pay", "b")) + "---\n" + Documents.policy("");
        mesh.save(
            "pay.yaml",
            pay.replace("orders.example.com", "ORDERS.example.com")
                .replace("name: orders", "name: pay")
                .replace("service: orders", "service: pay"));
        List<Problem> problems = awaitProblems(mesh);

        assertThat(problems)
            .anySatisfy(
                problem -> {
                  assertThat(problem.location().file()).endsWith("pay.yaml");
                  assertThat(problem.location().line()).isEqualTo(13);
                  assertThat(problem.location().column()).isPositive();
                  assertThat(problem.path()).isEqualTo("$.spec.attach.hosts[0]");
                  assertThat(problem.message()).contains("shop/orders").contains("taken");
                });
        assertThat(traffic.await(300).versions()).containsOnlyKeys("v1");
        assertThat(traffic.stop().failures()).isEmpty();
      }
    }
  }

  private static List<Problem> awaitProblems(TestMesh mesh) {
    return Awaitility.await()
        .atMost(Duration.ofSeconds(10))
        .until(() -> problems(mesh), problems -> !problems.isEmpty());
  }

  private static List<Problem> problems(TestMesh mesh) {
    AdminViews views = mesh.server().views();
    return Stream.concat(
            views.sources().get().stream().flatMap(source -> source.problems().stream()),
            views.problems().get().stream())
        .toList();
  }
}
