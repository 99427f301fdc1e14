package dev.sluice.policy.validate;

import dev.sluice.spec.CircuitBreaker;
import dev.sluice.spec.CircuitBreaker.FailurePercent;
import dev.sluice.spec.CircuitBreaker.Outlier;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@code circuitBreaker}, with its outlier detection. */
final class CircuitBreakers {
  private static final int DEFAULT_ERRORS = 5;
  private static final Duration DEFAULT_EJECT = Duration.ofSeconds(30);
  private static final Duration DEFAULT_LONGEST = Duration.ofMinutes(5);

  private CircuitBreakers() {}

  /**
   * Checks one section.
   *
   * @param base the section that it is merged over, if any
   */
  static void check(At at, CircuitBreaker given, @Nullable CircuitBreaker base) {
    at.atLeast("maxRequests", given.maxRequests(), 1);
    at.atLeast("maxPending", given.maxPending(), 1);
    at.atLeast("maxRetries", given.maxRetries(), 0);
    CircuitBreaker.RetryBudget budget = given.retryBudget();
    if (budget != null) {
      at.key("retryBudget").atLeast("minConcurrent", budget.minConcurrent(), 0);
      if (given.maxRetries() != null) {
        at.key("retryBudget")
            .error("maxRetries limits the same by a fixed number; keep one of the two");
      }
    }
    Outlier outlier = given.outlier();
    if (outlier != null) {
      outlier(at.key("outlier"), outlier, base == null ? null : base.outlier());
    }
  }

  private static void outlier(At at, Outlier given, @Nullable Outlier base) {
    at.atLeast("consecutiveErrors", given.consecutiveErrors(), 0);
    at.atLeast("gatewayErrors", given.gatewayErrors(), 1);
    at.atLeast("localErrors", given.localErrors(), 1);
    at.positive("interval", given.interval());
    at.positive("ejectFor", given.ejectFor());
    at.positive("maxEjectFor", given.maxEjectFor());
    at.within("maxEjectPercent", given.maxEjectPercent(), 0, 100);
    FailurePercent failures = given.failurePercent();
    if (failures != null) {
      At keys = at.key("failurePercent");
      keys.within("threshold", failures.threshold(), 1, 100);
      keys.atLeast("minHosts", failures.minHosts(), 1);
      keys.atLeast("minRequests", failures.minRequests(), 1);
    }
    if (at.legible()) {
      gatewayErrors(at, given, base);
      ejection(at, given, base);
    }
  }

  private static void gatewayErrors(At at, Outlier given, @Nullable Outlier base) {
    Integer gateway =
        given.gatewayErrors() == null && base != null
            ? base.gatewayErrors()
            : given.gatewayErrors();
    Integer all =
        given.consecutiveErrors() == null && base != null
            ? base.consecutiveErrors()
            : given.consecutiveErrors();
    int errors = all == null ? DEFAULT_ERRORS : all;
    if (gateway == null || errors <= 0 || gateway < errors) {
      return;
    }
    At own = at.key("gatewayErrors");
    (own.isGiven() ? own : at.key("consecutiveErrors").isGiven() ? at.key("consecutiveErrors") : at)
        .error(
            "gatewayErrors ("
                + gateway
                + ") must be below consecutiveErrors ("
                + errors
                + (all == null ? ", the default" : "")
                + "), which would eject first");
  }

  private static void ejection(At at, Outlier given, @Nullable Outlier base) {
    Duration first = given.ejectFor() == null && base != null ? base.ejectFor() : given.ejectFor();
    Duration most =
        given.maxEjectFor() == null && base != null ? base.maxEjectFor() : given.maxEjectFor();
    Duration ejectFor = first == null ? DEFAULT_EJECT : first;
    Duration maxEjectFor = most == null ? DEFAULT_LONGEST : most;
    if (ejectFor.compareTo(maxEjectFor) <= 0) {
      return;
    }
    At own = at.key("ejectFor");
    (own.isGiven() ? own : at.key("maxEjectFor").isGiven() ? at.key("maxEjectFor") : at)
        .error(
            "ejectFor ("
                + Text.of(ejectFor)
                + (first == null ? ", the default" : "")
                + ") must not be longer than maxEjectFor ("
                + Text.of(maxEjectFor)
                + (most == null ? ", the default" : "")
                + ")");
  }
}
