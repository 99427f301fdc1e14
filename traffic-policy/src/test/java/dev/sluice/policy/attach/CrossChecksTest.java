package dev.sluice.policy.attach;

import static dev.sluice.policy.attach.Given.index;
import static dev.sluice.policy.attach.Given.only;
import static dev.sluice.policy.attach.Given.problems;
import static dev.sluice.policy.attach.Given.service;
import static dev.sluice.policy.attach.Given.status;
import static dev.sluice.policy.attach.PolicyText.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.policy.attach.PolicyStatus.State;
import dev.sluice.spec.CircuitBreaker;
import dev.sluice.spec.Retry;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CrossChecksTest {
  @Test
  void aTryThatMayTakeLongerThanTheRequestIsToldWhereItIsWritten() {
    PolicyIndex index =
        index(
            service("orders", 80),
            policy("all", "*").requestTimeout(Duration.ofMillis(1500)).write(),
            policy("a", "orders")
                .retry(new Retry(null, Duration.ofSeconds(2), List.of(), null, null))
                .at("$.spec.retry.perTryTimeout", 18, 20)
                .write());

    assertThat(status(index, "a").state()).isEqualTo(State.APPLIED);
    assertThat(problems(index, "a"))
        .containsExactly(
            "a.yaml:18:20 $.spec.retry.perTryTimeout: warning: 2s must be shorter than"
                + " timeouts.request (1500ms); Envoy would ignore it");
    assertThat(problems(index, "all")).isEmpty();
  }

  @Test
  void withoutARequestTimeoutATryMayTakeAnyTime() {
    PolicyIndex index =
        index(
            service("orders", 80),
            policy("all", "*").requestTimeout(Duration.ZERO).write(),
            policy("a", "orders")
                .retry(new Retry(null, Duration.ofHours(2), List.of(), null, null))
                .write());

    assertThat(problems(index, "a")).isEmpty();
  }

  @Test
  void aBackoffsLimitIsNeverBelowItsBase() {
    PolicyIndex index =
        index(
            service("orders", 80),
            policy("all", "*").retry(backoff(null, Duration.ofMillis(100))).write(),
            policy("a", "orders").retry(backoff(Duration.ofMinutes(1), null)).write());

    assertThat(only(index).retry().backoffMax()).isEqualTo(Duration.ofMinutes(1));
    assertThat(problems(index, "a"))
        .containsExactly(
            "a.yaml:1:1 $.spec.retry.backoff.base: warning: 1m must be at most backoff.max (100ms),"
                + " which is raised to it");
  }

  @Test
  void gatewayErrorsBelowAllErrorsOfTheNamespace() {
    PolicyIndex index =
        index(
            service("orders", 80),
            policy("all", "*").circuitBreaker(null, outlier(2, null)).write(),
            policy("a", "orders").circuitBreaker(null, outlier(null, 3)).write());

    assertThat(problems(index, "a"))
        .containsExactly(
            "a.yaml:1:1 $.spec.circuitBreaker.outlier.gatewayErrors: warning: 3 must be below"
                + " consecutiveErrors (2) to make a difference");
  }

  private static Retry backoff(@Nullable Duration base, @Nullable Duration max) {
    return new Retry(null, null, List.of(), new Retry.Backoff(base, max), null);
  }

  private static CircuitBreaker.Outlier outlier(
      @Nullable Integer consecutive, @Nullable Integer gateway) {
    return new CircuitBreaker.Outlier(consecutive, gateway, null, null, null, null, null, null);
  }
}
