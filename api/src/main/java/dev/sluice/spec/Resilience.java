package dev.sluice.spec;

import org.jspecify.annotations.Nullable;

/**
 * The sections that keep calls resilient, which each level of precedence may give (policy.md,
 * section 1): {@code mesh.defaults} of the server's settings, a namespace's policies, a service's.
 *
 * @param loadBalancer how an instance is picked; null where nothing is said
 * @param connectionPool connections to the instances; null where nothing is said
 * @param circuitBreaker limits and ejection; null where nothing is said
 * @param retry when a request is tried again; null where nothing is said
 * @param timeouts how long a request may take; null where nothing is said
 * @param health which instances may be called; null where nothing is said
 * @param locality which are preferred by where they run; null where nothing is said
 */
public record Resilience(
    @Nullable LoadBalancer loadBalancer,
    @Nullable ConnectionPool connectionPool,
    @Nullable CircuitBreaker circuitBreaker,
    @Nullable Retry retry,
    @Nullable Timeouts timeouts,
    @Nullable HealthCheck health,
    @Nullable LocalityRouting locality) {
  /** Nothing is said. */
  public static final Resilience NONE = new Resilience(null, null, null, null, null, null, null);
}
