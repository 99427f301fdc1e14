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
import dev.sluice.spec.RetryOn;
import dev.sluice.spec.TrafficPolicy;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class CrossChecksTest {
  private static final List<RetryOn> RESET = List.of(new RetryOn("reset"));
  private static final List<RetryOn> OTHER = List.of(new RetryOn("connect-failure"));

  @Test
  void aTryThatEndsByItsTimeoutAndIsNotTriedAgainIsTold() {
    assertThat(problems(index(service("orders", 80), retrying("a", List.of())), "a"))
        .containsExactly(
            "a.yaml:1:1 $.spec.retry.perTryTimeout: warning: a try that ends by it is not tried"
                + " again, for the default retryOn has none of 5xx, gateway-error, reset; add one"
                + " where the requests may be repeated");
    assertThat(problems(index(service("orders", 80), retrying("a", OTHER)), "a"))
        .containsExactly(
            "a.yaml:1:1 $.spec.retry.perTryTimeout: warning: a try that ends by it is not tried"
                + " again, for retryOn has none of 5xx, gateway-error, reset; add one where the"
                + " requests may be repeated");
    assertThat(problems(index(service("orders", 80), retrying("a", RESET)), "a")).isEmpty();
    Retry never = new Retry(0, Duration.ofSeconds(2), List.of(), null, null, null);
    assertThat(
            problems(index(service("orders", 80), policy("a", "orders").retry(never).write()), "a"))
        .isEmpty();
  }

  @Test
  void whatTriesAreRepeatedForMayBeSaidElsewhere() {
    PolicyIndex fitting =
        index(
            service("orders", 80),
            policy("all", "*").retry(new Retry(null, null, RESET, null, null, null)).write(),
            retrying("a", List.of()));
    assertThat(problems(fitting, "a")).isEmpty();
    PolicyIndex lacking =
        index(
            service("orders", 80),
            policy("all", "*")
                .retry(new Retry(null, Duration.ofSeconds(2), RESET, null, null, null))
                .write(),
            policy("a", "orders").retry(new Retry(null, null, OTHER, null, null, null)).write());
    assertThat(problems(lacking, "all")).isEmpty();
    assertThat(problems(lacking, "a"))
        .containsExactly(
            "a.yaml:1:1 $.spec.retry.retryOn: warning: has none of 5xx, gateway-error, reset, so a"
                + " try that ends by retry.perTryTimeout is not tried again; add one where the"
                + " requests may be repeated");
  }

  private static TrafficPolicy retrying(String name, List<RetryOn> retryOn) {
    return policy(name, "orders")
        .retry(new Retry(null, Duration.ofSeconds(2), retryOn, null, null, null))
        .write();
  }

  @Test
  void aTryThatMayTakeLongerThanTheRequestIsToldWhereItIsWritten() {
    PolicyIndex index =
        index(
            service("orders", 80),
            policy("all", "*").requestTimeout(Duration.ofMillis(1500)).write(),
            policy("a", "orders")
                .retry(new Retry(null, Duration.ofSeconds(2), RESET, null, null, null))
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
                .retry(new Retry(null, Duration.ofHours(2), RESET, null, null, null))
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

    assertThat(only(index).requests().retry().backoffMax()).isEqualTo(Duration.ofMinutes(1));
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
    return new Retry(null, null, List.of(), new Retry.Backoff(base, max), null, null);
  }

  private static CircuitBreaker.Outlier outlier(
      @Nullable Integer consecutive, @Nullable Integer gateway) {
    return new CircuitBreaker.Outlier(consecutive, gateway, null, null, null, null, null, null);
  }
}
