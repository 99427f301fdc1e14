package dev.sluice.policy.attach;

import dev.sluice.spec.CircuitBreaker;
import dev.sluice.spec.ConnectionPool;
import dev.sluice.spec.LoadBalancer;
import dev.sluice.spec.Retry;
import dev.sluice.spec.Timeouts;
import org.jspecify.annotations.Nullable;

/**
 * The server's own defaults for every service: above the built-in ones, below a namespace's
 * (policy.md, section 1, precedence). What is null stays built-in.
 *
 * @param loadBalancer how an instance is picked
 * @param connectionPool connections to the instances
 * @param circuitBreaker limits and ejection
 * @param retry when a request is tried again
 * @param timeouts how long a request may take
 */
public record MeshDefaults(
    @Nullable LoadBalancer loadBalancer,
    @Nullable ConnectionPool connectionPool,
    @Nullable CircuitBreaker circuitBreaker,
    @Nullable Retry retry,
    @Nullable Timeouts timeouts) {
  /** None: all is built-in. */
  public static final MeshDefaults NONE = new MeshDefaults(null, null, null, null, null);
}
