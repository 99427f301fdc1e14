package dev.sluice.policy.validate;

import dev.sluice.spec.RateLimit;
import dev.sluice.spec.RateLimit.Local;
import dev.sluice.spec.RateLimit.Side;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@code rateLimit}, of a service or of a route. */
final class RateLimitRules {
  /** {@code LocalRateLimit.token_bucket.fill_interval}. */
  private static final Duration SHORTEST = Duration.ofMillis(50);

  private RateLimitRules() {}

  static void check(At at, RateLimit given) {
    if (at.legible()) {
      check(at, given, null);
    }
  }

  /** A route's, which is counted where its requests are taken: at their callers. */
  static void route(At at, RateLimit given, @Nullable RateLimit base) {
    if (!at.legible()) {
      return;
    }
    check(at, given, base == null ? null : base.local());
    if (given.local() != null && given.local().side() == Side.INBOUND) {
      at.key("local")
          .key("side")
          .error(
              "the proxy beside an instance knows no routes; remove it, or limit the whole service"
                  + " in spec.rateLimit");
    }
  }

  private static void check(At at, RateLimit given, @Nullable Local base) {
    GlobalLimits.check(at.key("global"), given.global());
    Local local = given.local();
    if (local == null) {
      if (given.global().isEmpty() && at.key("global").legible()) {
        at.error(
            "is empty; write local: {requests: 100, per: 1s}, or global: [{name: all, requests: 100,"
                + " per: 1s}]");
      }
      return;
    }
    At keys = at.key("local");
    keys.atLeast("requests", local.requests(), 1);
    keys.atLeast("burst", local.burst(), 1);
    if (local.requests() == null && (base == null || base.requests() == null)) {
      keys.error("needs requests; write such as {requests: 100, per: 1s}");
    }
    if (local.per() == null && (base == null || base.per() == null)) {
      keys.error("needs per; write such as {requests: 100, per: 1s}");
    } else if (local.per() != null && local.per().compareTo(SHORTEST) < 0) {
      keys.key("per")
          .error(Text.of(local.per()) + " is too short; the least is 50ms, which Envoy counts in");
    }
  }
}
