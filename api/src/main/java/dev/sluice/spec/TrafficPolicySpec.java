package dev.sluice.spec;

import dev.sluice.catalog.Protocol;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code TrafficPolicy.spec} (policy.md, section 1). A section that is left out is null; lists that
 * are left out are empty.
 *
 * @param target the service that calls are made to
 * @param attach where the policy applies; null for the mesh
 * @param protocol what the service speaks; null for what its port says
 * @param versions subsets of the service's instances, at most 256
 * @param split how calls are divided among the versions
 * @param rollout how they go over from one version to another; instead of the split
 * @param routes exceptions to the split, first match wins
 * @param loadBalancer how an instance is picked
 * @param connectionPool connections to the instances
 * @param circuitBreaker limits and ejection
 * @param retry when a request is tried again
 * @param timeouts how long a request may take
 * @param mirror who gets copies of requests
 * @param degrade the kill switch
 * @param fault failures made on purpose
 * @param limits what a request may be
 * @param upgrade other protocols that a connection may go on with
 * @param rateLimit how many requests are let through
 * @param health which instances may be called
 * @param locality which are preferred by where they run
 * @param upstreamTls over which TLS the instances are called; null for none
 * @param telemetry what proxies tell of the calls
 * @param envoy what Envoy can and no other section says
 */
public record TrafficPolicySpec(
    @Required Target target,
    @Nullable Attach attach,
    @Nullable Protocol protocol,
    List<Version> versions,
    @Nullable Split split,
    @Nullable Rollout rollout,
    List<Route> routes,
    @Nullable LoadBalancer loadBalancer,
    @Nullable ConnectionPool connectionPool,
    @Nullable CircuitBreaker circuitBreaker,
    @Nullable Retry retry,
    @Nullable Timeouts timeouts,
    @Nullable Mirror mirror,
    @Nullable Degrade degrade,
    @Nullable Fault fault,
    @Nullable Limits limits,
    List<Upgrade> upgrade,
    @Nullable RateLimit rateLimit,
    @Nullable HealthCheck health,
    @Nullable LocalityRouting locality,
    @Key("upstreamTLS") @Nullable UpstreamTls upstreamTls,
    @Nullable Telemetry telemetry,
    @Nullable Envoy envoy) {
  public TrafficPolicySpec {
    Objects.requireNonNull(target);
    versions = List.copyOf(versions);
    routes = List.copyOf(routes);
    upgrade = List.copyOf(upgrade);
  }

  /** These sections with another split. */
  public TrafficPolicySpec with(Split other) {
    return new TrafficPolicySpec(
        target,
        attach,
        protocol,
        versions,
        other,
        rollout,
        routes,
        loadBalancer,
        connectionPool,
        circuitBreaker,
        retry,
        timeouts,
        mirror,
        degrade,
        fault,
        limits,
        upgrade,
        rateLimit,
        health,
        locality,
        upstreamTls,
        telemetry,
        envoy);
  }

  /** What this level of precedence says of the sections that every level may give. */
  public Resilience resilience() {
    return new Resilience(
        loadBalancer, connectionPool, circuitBreaker, retry, timeouts, health, locality);
  }
}
