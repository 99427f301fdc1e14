package dev.sluice.policy.attach;

import dev.sluice.catalog.Protocol;
import dev.sluice.spec.CircuitBreaker;
import dev.sluice.spec.ConnectionPool;
import dev.sluice.spec.Factor;
import dev.sluice.spec.HealthCheck;
import dev.sluice.spec.LoadBalancer;
import dev.sluice.spec.LocalityRouting;
import dev.sluice.spec.LocalityRouting.Nearness;
import dev.sluice.spec.Percent;
import dev.sluice.spec.Resilience;
import dev.sluice.spec.Retry;
import dev.sluice.spec.RetryOn;
import dev.sluice.spec.Size;
import dev.sluice.spec.Split;
import dev.sluice.spec.Timeouts;
import java.time.Duration;
import java.util.Collections;
import java.util.List;

/**
 * The defaults where nobody says anything (policy.md, section 1). What depends on another value is
 * null among the sections and stands below as a rule.
 */
final class BuiltIn {
  static final Resilience SECTIONS =
      new Resilience(
          new LoadBalancer(LoadBalancer.Type.LEAST_REQUEST, 2, List.of(), 65_537, null),
          new ConnectionPool(
              Duration.ofSeconds(1),
              1024,
              null,
              null,
              0,
              Duration.ofHours(1),
              null,
              new Size(1L << 20)),
          new CircuitBreaker(
              1024,
              1024,
              null,
              null,
              new CircuitBreaker.Outlier(
                  5, null, null, Duration.ofSeconds(10), Duration.ofSeconds(30), null, 50, null)),
          new Retry(2, null, List.of(), new Retry.Backoff(Duration.ofMillis(25), null), null, null),
          new Timeouts(Duration.ofSeconds(15), null, null),
          new HealthCheck(HealthCheck.Source.READINESS, new Percent(0), null),
          new LocalityRouting(
              LocalityRouting.Mode.NONE,
              List.of(Nearness.ZONE, Nearness.REGION, Nearness.ANY),
              Collections.emptySortedMap(),
              140));

  /** Once the proxy asks the instances. */
  static final HealthCheck.Active ACTIVE =
      new HealthCheck.Active(
          null, null, null, Duration.ofSeconds(5), Duration.ofSeconds(1), 3, 1, null);

  static final int EXPECTED_STATUS = 200;

  /** Once slow start is asked for. */
  static final Factor AGGRESSION = new Factor(1000);

  static final Percent MIN_WEIGHT_PERCENT = new Percent(100_000);

  /** Unless {@code maxRetries} is given. */
  static final CircuitBreaker.RetryBudget RETRY_BUDGET =
      new CircuitBreaker.RetryBudget(new Percent(200_000), 10);

  /** Once ejection by the share of failures is asked for. */
  static final CircuitBreaker.FailurePercent FAILURE_PERCENT =
      new CircuitBreaker.FailurePercent(85, 5, 50);

  static final Split.OnEmpty ON_EMPTY = new Split.OnEmpty.Redistribute();
  static final Protocol PROTOCOL = Protocol.HTTP;

  /** What the kill switch answers. */
  static final int DEGRADED_STATUS = 503;

  private static final Duration MAX_EJECT_FOR = Duration.ofMinutes(5);
  private static final int BACKOFF_MAX_BASES = 10;
  private static final List<RetryOn> RETRY_ON =
      words("connect-failure", "refused-stream", "reset-before-request");
  private static final List<RetryOn> GRPC_RETRY_ON =
      words("connect-failure", "refused-stream", "reset-before-request", "unavailable");

  private BuiltIn() {}

  static List<RetryOn> retryOn(Protocol protocol) {
    return protocol == Protocol.GRPC ? GRPC_RETRY_ON : RETRY_ON;
  }

  static Duration backoffMax(Duration base) {
    return base.multipliedBy(BACKOFF_MAX_BASES);
  }

  /** Never shorter than one ejection, as in Envoy's {@code max_ejection_time}. */
  static Duration maxEjectFor(Duration ejectFor) {
    return ejectFor.compareTo(MAX_EJECT_FOR) > 0 ? ejectFor : MAX_EJECT_FOR;
  }

  static boolean avoidPreviousHosts(LoadBalancer.Type type) {
    return type != LoadBalancer.Type.CONSISTENT_HASH;
  }

  private static List<RetryOn> words(String... words) {
    return List.of(words).stream().map(RetryOn::parse).toList();
  }
}
