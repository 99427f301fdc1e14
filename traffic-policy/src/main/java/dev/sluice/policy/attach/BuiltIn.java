package dev.sluice.policy.attach;

import dev.sluice.catalog.Protocol;
import dev.sluice.spec.CircuitBreaker;
import dev.sluice.spec.ConnectionPool;
import dev.sluice.spec.LoadBalancer;
import dev.sluice.spec.Resilience;
import dev.sluice.spec.Retry;
import dev.sluice.spec.RetryOn;
import dev.sluice.spec.Size;
import dev.sluice.spec.Split;
import dev.sluice.spec.Timeouts;
import java.time.Duration;
import java.util.List;

/**
 * The defaults where nobody says anything (policy.md, section 1). What depends on another value is
 * null among the sections and stands below as a rule.
 */
final class BuiltIn {
  static final Resilience SECTIONS =
      new Resilience(
          new LoadBalancer(LoadBalancer.Type.LEAST_REQUEST, 2),
          new ConnectionPool(
              Duration.ofSeconds(1), 1024, 0, Duration.ofHours(1), null, new Size(1L << 20)),
          new CircuitBreaker(
              1024,
              1024,
              null,
              new CircuitBreaker.Outlier(
                  5, null, null, Duration.ofSeconds(10), Duration.ofSeconds(30), null, 50, null)),
          new Retry(2, null, List.of(), new Retry.Backoff(Duration.ofMillis(25), null), null, null),
          new Timeouts(Duration.ofSeconds(15), null, null));

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
