package dev.sluice.policy.attach;

import static dev.sluice.policy.attach.Given.index;
import static dev.sluice.policy.attach.Given.only;
import static dev.sluice.policy.attach.Given.problems;
import static dev.sluice.policy.attach.Given.service;
import static dev.sluice.policy.attach.Given.status;
import static dev.sluice.policy.attach.PolicyText.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.policy.attach.PolicyStatus.Reason;
import dev.sluice.policy.attach.PolicyStatus.State;
import dev.sluice.spec.Split;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ConflictsTest {
  @Test
  void policiesWithDifferentSectionsMerge() {
    PolicyIndex index =
        index(
            service("orders", 80),
            policy("app", "orders").versions("v1", "v2").split(Map.of("v1", 9, "v2", 1)).write(),
            policy("platform", "orders").attempts(5).write());

    assertThat(only(index).split()).isInstanceOf(EffectiveSplit.ByCluster.class);
    assertThat(only(index).requests().retry().attempts()).isEqualTo(5);
    assertThat(index.statuses().values()).allMatch(s -> s.state() == State.APPLIED);
  }

  @Test
  void theSameSectionTwiceGoesToTheOlderResourceWhole() {
    PolicyIndex index =
        index(
            service("orders", 80),
            policy("a", "orders")
                .created("2026-02-02T00:00:00Z")
                .at("$.spec.retry", 7, 3)
                .attempts(5)
                .requestTimeout(Duration.ofSeconds(3))
                .write(),
            policy("b", "orders")
                .created("2026-01-01T00:00:00Z")
                .at("$.spec.retry", 9, 3)
                .attempts(1)
                .write());

    assertThat(only(index).requests().retry().attempts()).isEqualTo(1);
    assertThat(only(index).requests().timeouts().request()).isEqualTo(Duration.ofSeconds(15));
    assertThat(status(index, "a").reason()).isEqualTo(Reason.CONFLICTED);
    assertThat(status(index, "a").accepted()).isFalse();
    assertThat(problems(index, "a"))
        .containsExactly(
            "a.yaml:7:3 $.spec.retry: retry of orders.shop:80 is set by TrafficPolicy shop/b"
                + " (b.yaml:9:3), which comes first; leave it out of one of the two");
    assertThat(status(index, "b").state()).isEqualTo(State.APPLIED);
  }

  @Test
  void amongFilesThePathDecidesAndResourcesComeFirst() {
    PolicyIndex files =
        index(
            service("orders", 80),
            policy("a", "orders").file("20.yaml").attempts(5).write(),
            policy("b", "orders").file("10.yaml").attempts(1).write());
    assertThat(only(files).requests().retry().attempts()).isEqualTo(1);

    PolicyIndex mixed =
        index(
            service("orders", 80),
            policy("a", "orders").file("00.yaml").attempts(5).write(),
            policy("b", "orders").created("2026-01-01T00:00:00Z").attempts(1).write());
    assertThat(only(mixed).requests().retry().attempts()).isEqualTo(1);
  }

  @Test
  void aPolicyThatLostTakesNothingFromLaterOnes() {
    PolicyIndex index =
        index(
            service("orders", 80),
            policy("a", "orders").attempts(1).write(),
            policy("b", "orders").attempts(2).requestTimeout(Duration.ofSeconds(2)).write(),
            policy("c", "orders").requestTimeout(Duration.ofSeconds(3)).write());

    assertThat(status(index, "b").reason()).isEqualTo(Reason.CONFLICTED);
    assertThat(status(index, "c").reason()).isEqualTo(Reason.ACCEPTED);
    assertThat(only(index).requests().timeouts().request()).isEqualTo(Duration.ofSeconds(3));
  }

  @Test
  void policiesOfDifferentPortsDoNotMeet() {
    PolicyIndex index =
        index(
            service("orders", 80, 81),
            policy("a", "orders").port(80).attempts(1).write(),
            policy("b", "orders").port(81).attempts(5).write());

    assertThat(index.policies(Given.ORDERS))
        .extracting(policy -> policy.requests().retry().attempts())
        .containsExactly(1, 5);
  }

  @Test
  void twoPoliciesOfANamespaceConflictLikewise() {
    PolicyIndex index =
        index(
            service("orders", 80),
            policy("a", "*").attempts(1).write(),
            policy("b", "*").attempts(5).write());

    assertThat(only(index).requests().retry().attempts()).isEqualTo(1);
    assertThat(problems(index, "b"))
        .containsExactly(
            "b.yaml:1:1 $.spec.retry: retry of *.shop is set by TrafficPolicy shop/a (a.yaml:1:1),"
                + " which comes first; leave it out of one of the two");
  }

  @Test
  void aSplitOfVersionsThatNobodyDeclaresIsLeftOut() {
    PolicyIndex index =
        index(
            service("orders", 80),
            policy("a", "orders").versions("v1", "v2").write(),
            policy("b", "orders")
                .split(Map.of("v1", 1, "v3", 1))
                .at("$.spec.split.weights.v3", 11, 19)
                .attempts(7)
                .write());

    assertThat(only(index).split())
        .as("what is left of it")
        .isEqualTo(
            new EffectiveSplit.ByCluster(
                new TreeMap<>(Map.of("v1", 1)), new Split.OnEmpty.Redistribute()));
    assertThat(only(index).requests().retry().attempts()).isEqualTo(7);
    assertThat(status(index, "b").state()).isEqualTo(State.PARTLY_APPLIED);
    assertThat(problems(index, "b"))
        .containsExactly(
            "b.yaml:11:19 $.spec.split.weights.v3: unknown version \"v3\" (declared: v1, v2)");
  }
}
