package dev.sluice.policy.validate;

import dev.sluice.spec.CircuitBreaker;
import dev.sluice.spec.ConnectionPool;
import dev.sluice.spec.LoadBalancer;
import dev.sluice.spec.Resilience;
import dev.sluice.spec.Retry;
import dev.sluice.spec.Route;
import dev.sluice.spec.Timeouts;
import dev.sluice.spec.TrafficPolicySpec;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** The sections that keep calls resilient, and what one version overrides of them. */
final class ResilienceRules {
  private static final Duration DEFAULT_REQUEST = Duration.ofSeconds(15);
  private static final Duration DEFAULT_BACKOFF = Duration.ofMillis(25);

  private ResilienceRules() {}

  static void check(At at, Resilience given) {
    check(at, given, Resilience.NONE);
  }

  /**
   * Checks the sections of one level of precedence.
   *
   * @param base what they are merged over, where that is known
   */
  static void check(At at, Resilience given, Resilience base) {
    LoadBalancer loadBalancer = given.loadBalancer();
    if (loadBalancer != null) {
      LoadBalancers.check(at.key("loadBalancer"), loadBalancer, base.loadBalancer());
    }
    ConnectionPool pool = given.connectionPool();
    if (pool != null) {
      pool(at.key("connectionPool"), pool);
    }
    CircuitBreaker breaker = given.circuitBreaker();
    if (breaker != null) {
      CircuitBreakers.check(at.key("circuitBreaker"), breaker, base.circuitBreaker());
    }
    if (given.health() != null) {
      HealthRules.check(at.key("health"), given.health(), base.health());
    }
    if (given.locality() != null) {
      LocalityRules.check(at.key("locality"), given.locality(), given.loadBalancer());
    }
    if (given.retry() != null) {
      retry(at, given.retry(), request(given.timeouts()));
    }
  }

  /** What a route says of its own, over what its policy says of all requests. */
  static void route(At at, Route route, TrafficPolicySpec policy) {
    if (route.retry() != null) {
      Duration own = request(route.timeouts());
      retry(at, route.retry(), own == null ? request(policy.timeouts()) : own);
    }
  }

  private static @Nullable Duration request(@Nullable Timeouts timeouts) {
    return timeouts == null ? null : timeouts.request();
  }

  private static void pool(At at, ConnectionPool pool) {
    at.positive("connectTimeout", pool.connectTimeout());
    at.atLeast("maxConnections", pool.maxConnections(), 1);
    at.atLeast("maxConnectionsPerEndpoint", pool.maxConnectionsPerEndpoint(), 1);
    at.atLeast("maxRequestsPerEndpoint", pool.maxRequestsPerEndpoint(), 1);
    at.atLeast("maxRequestsPerConnection", pool.maxRequestsPerConnection(), 0);
    ConnectionPool.Keepalive keepalive = pool.keepalive();
    if (keepalive != null) {
      At keys = at.key("keepalive");
      wholeSeconds(keys, "time", keepalive.time());
      wholeSeconds(keys, "interval", keepalive.interval());
      keys.atLeast("probes", keepalive.probes(), 1);
    }
  }

  private static void wholeSeconds(At at, String key, @Nullable Duration value) {
    at.positive(key, value);
    if (value != null && value.toMillisPart() != 0) {
      at.key(key).error("TCP counts in whole seconds; write such as 30s");
    }
  }

  private static void retry(At spec, Retry retry, @Nullable Duration request) {
    At at = spec.key("retry");
    at.within("attempts", retry.attempts(), 0, 10);
    at.positive("perTryTimeout", retry.perTryTimeout());
    if (retry.perTryTimeout() != null && spec.key("timeouts").legible()) {
      perTry(at.key("perTryTimeout"), retry.perTryTimeout(), request);
    }
    if (retry.hedge() != null) {
      hedge(at, retry, retry.hedge(), request);
    }
    if (retry.backoff() != null) {
      backoff(at.key("backoff"), retry.backoff());
    }
  }

  private static void hedge(At at, Retry retry, Retry.Hedge hedge, @Nullable Duration request) {
    At own = at.key("hedge");
    own.positive("after", hedge.after());
    perTry(own.key("after"), hedge.after(), request);
    if (retry.perTryTimeout() != null) {
      own.error(
          "perTryTimeout ends a try that takes long, hedge leaves it and starts another beside it;"
              + " keep one of them");
    }
    if (retry.attempts() != null && retry.attempts() == 0) {
      own.error("needs another try to start; write attempts: 1, or remove it");
    }
  }

  private static void perTry(At at, Duration perTry, @Nullable Duration given) {
    Duration request = given == null ? DEFAULT_REQUEST : given;
    if (!request.isZero() && perTry.compareTo(request) >= 0) {
      at.error(
          Text.of(perTry)
              + " must be shorter than timeouts.request ("
              + Text.of(request)
              + (given == null ? ", the default" : "")
              + "); Envoy would ignore it");
    }
  }

  private static void backoff(At at, Retry.Backoff backoff) {
    at.positive("base", backoff.base());
    at.positive("max", backoff.max());
    Duration base = backoff.base() == null ? DEFAULT_BACKOFF : backoff.base();
    if (backoff.max() != null && at.legible() && backoff.max().compareTo(base) < 0) {
      at.key("max")
          .error(
              Text.of(backoff.max())
                  + " must not be shorter than backoff.base ("
                  + Text.of(base)
                  + (backoff.base() == null ? ", the default" : "")
                  + ")");
    }
  }
}
