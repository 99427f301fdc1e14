package dev.sluice.policy.attach;

import static dev.sluice.policy.attach.Given.index;
import static dev.sluice.policy.attach.Given.only;
import static dev.sluice.policy.attach.Given.service;
import static dev.sluice.policy.attach.PolicyText.policy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Protocol;
import dev.sluice.policy.attach.ClusterPolicy.CircuitBreakerPolicy;
import dev.sluice.policy.attach.ClusterPolicy.ConnectionPoolPolicy;
import dev.sluice.policy.attach.ClusterPolicy.LoadBalancerPolicy;
import dev.sluice.policy.attach.ClusterPolicy.OutlierPolicy;
import dev.sluice.policy.attach.ClusterPolicy.RetryLimit;
import dev.sluice.spec.CircuitBreaker;
import dev.sluice.spec.Documents;
import dev.sluice.spec.HealthCheck;
import dev.sluice.spec.LoadBalancer;
import dev.sluice.spec.Percent;
import dev.sluice.spec.Resilience;
import dev.sluice.spec.Retry;
import dev.sluice.spec.RetryOn;
import dev.sluice.spec.Timeouts;
import dev.sluice.spec.Version;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class PrecedenceTest {
  private static final RetryLimit BUDGET = new RetryLimit.Budget(new Percent(200_000), 10);

  @Test
  void aServiceWithoutPoliciesHasTheSpecificationsDefaults() {
    EffectivePolicy policy = only(index(service("orders", 80)));

    assertThat(policy.cluster())
        .isEqualTo(
            new ClusterPolicy(
                new LoadBalancerPolicy(
                    LoadBalancer.Type.LEAST_REQUEST, 2, 65_537, Optional.empty()),
                new ConnectionPoolPolicy(
                    Duration.ofSeconds(1),
                    1024,
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    0,
                    Duration.ofHours(1),
                    Optional.empty(),
                    1 << 20),
                new CircuitBreakerPolicy(1024, 1024, BUDGET),
                new OutlierPolicy(
                    5,
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(30),
                    Duration.ofMinutes(5),
                    50,
                    Optional.empty()),
                new HealthPolicy(HealthCheck.Source.READINESS, new Percent(0), Optional.empty()),
                new LocalityPolicy.None()));
    assertThat(policy.requests().retry())
        .isEqualTo(
            new RetryPolicy(
                2,
                Optional.empty(),
                words("connect-failure", "refused-stream", "reset-before-request"),
                Duration.ofMillis(25),
                Duration.ofMillis(250),
                true,
                Optional.empty()));
    assertThat(policy.requests().timeouts())
        .isEqualTo(new TimeoutPolicy(Duration.ofSeconds(15), Optional.empty(), Optional.empty()));
    assertThat(policy.split()).isEqualTo(new EffectiveSplit.Whole());
    assertThat(policy.mesh()).isTrue();
    assertThat(policy.attributions()).isEmpty();
  }

  @Test
  void grpcIsRetriedWhenUnavailableToo() {
    PolicyIndex index =
        index(service("orders", 80), policy("a", "orders").protocol(Protocol.GRPC).write());

    assertThat(only(index).requests().retry().retryOn())
        .isEqualTo(
            words("connect-failure", "refused-stream", "reset-before-request", "unavailable"));
  }

  @Test
  void everyLevelOverridesTheOneBelowFieldByField() {
    Resilience mesh =
        new Resilience(
            null,
            null,
            new CircuitBreaker(100, 100, 3, null, null),
            new Retry(1, null, words("5xx"), null, null, null),
            new Timeouts(Duration.ofSeconds(60), Duration.ofSeconds(7), null),
            null,
            null);
    Documents documents =
        Documents.of(
            List.of(
                policy("all", "*").circuitBreaker(200, outlier(9, null)).write(),
                policy("orders", "orders")
                    .retry(new Retry(null, Duration.ofSeconds(2), words("503"), null, null, null))
                    .requestTimeout(Duration.ofSeconds(9))
                    .circuitBreaker(null, outlier(null, Duration.ofMinutes(10)))
                    .write()));

    EffectivePolicy policy =
        only(PolicyIndex.of(mesh, documents, Catalog.of(List.of(service("orders", 80)))));

    assertThat(policy.cluster().circuitBreaker())
        .isEqualTo(new CircuitBreakerPolicy(200, 100, new RetryLimit.AtMost(3)));
    assertThat(policy.cluster().outlier().consecutiveErrors()).isEqualTo(9);
    assertThat(policy.cluster().outlier().maxEjectFor()).isEqualTo(Duration.ofMinutes(10));
    assertThat(policy.requests().retry().attempts()).isEqualTo(1);
    assertThat(policy.requests().retry().retryOn()).isEqualTo(words("503"));
    assertThat(policy.requests().timeouts().request()).isEqualTo(Duration.ofSeconds(9));
    assertThat(policy.requests().timeouts().idle()).contains(Duration.ofSeconds(7));
    assertThat(policy.attributions().toString())
        .isEqualTo(
            "[TrafficPolicy shop/orders (orders.yaml:1:1), TrafficPolicy shop/all (all.yaml:1:1)]");
  }

  @Test
  void aNamespacesPolicyDoesNotReachOtherNamespaces() {
    PolicyIndex index =
        index(service("orders", 80), policy("all", "*").namespace("pay").attempts(7).write());

    assertThat(only(index).requests().retry().attempts()).isEqualTo(2);
    assertThat(only(index).attributions()).isEmpty();
  }

  @Test
  void aVersionsOverridesLieOverTheServicesSections() {
    Version.Overrides overrides =
        new Version.Overrides(
            new LoadBalancer(null, 5, List.of(), null, null),
            null,
            new CircuitBreaker(null, 7, null, null, null),
            null);
    PolicyIndex index =
        index(
            service("orders", 80),
            policy("a", "orders")
                .versions(PolicyText.version("v1", null), PolicyText.version("v2", overrides))
                .circuitBreaker(200, null)
                .write());

    EffectivePolicy policy = only(index);
    assertThat(policy.versions().get(0).cluster()).isEqualTo(policy.cluster());
    ClusterPolicy second = policy.versions().get(1).cluster();
    assertThat(second.loadBalancer())
        .isEqualTo(
            new LoadBalancerPolicy(LoadBalancer.Type.LEAST_REQUEST, 5, 65_537, Optional.empty()));
    assertThat(second.circuitBreaker()).isEqualTo(new CircuitBreakerPolicy(200, 7, BUDGET));
    assertThat(second.connectionPool()).isEqualTo(policy.cluster().connectionPool());
  }

  @Test
  void ofLimitsThatExcludeEachOtherTheHigherLevelsCounts() {
    CircuitBreaker.RetryBudget half = new CircuitBreaker.RetryBudget(new Percent(500_000), null);
    Resilience number = breakers(new CircuitBreaker(null, null, 3, null, null));
    Resilience budget = breakers(new CircuitBreaker(null, null, null, half, null));

    assertThat(Merge.over(number, budget).circuitBreaker())
        .isEqualTo(new CircuitBreaker(null, null, null, half, null));
    assertThat(Merge.over(budget, number).circuitBreaker())
        .isEqualTo(new CircuitBreaker(null, null, 3, null, null));
    assertThat(Merge.over(budget, breakers(new CircuitBreaker(7, null, null, null, null))))
        .isEqualTo(breakers(new CircuitBreaker(7, null, null, half, null)));
    assertThat(
            Resolution.cluster(Merge.over(BuiltIn.SECTIONS, budget), Protocol.HTTP)
                .circuitBreaker()
                .retries())
        .isEqualTo(new RetryLimit.Budget(new Percent(500_000), 10));
  }

  private static Resilience breakers(CircuitBreaker breaker) {
    return Merge.over(Resilience.NONE, new Resilience(null, null, breaker, null, null, null, null));
  }

  @Test
  void theGreatestBackoffFollowsTheBase() {
    Retry.Backoff backoff = new Retry.Backoff(Duration.ofMillis(40), null);
    PolicyIndex index =
        index(
            service("orders", 80),
            policy("a", "orders")
                .retry(new Retry(null, null, List.of(), backoff, null, null))
                .write());

    assertThat(only(index).requests().retry().backoffMax()).isEqualTo(Duration.ofMillis(400));
  }

  private static CircuitBreaker.Outlier outlier(
      @Nullable Integer consecutive, @Nullable Duration ejectFor) {
    return new CircuitBreaker.Outlier(consecutive, null, null, null, ejectFor, null, null, null);
  }

  private static List<RetryOn> words(String... words) {
    return List.of(words).stream().map(RetryOn::parse).toList();
  }
}
