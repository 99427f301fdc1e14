package dev.sluice.policy.attach;

import dev.sluice.spec.CircuitBreaker;
import dev.sluice.spec.ConnectionPool;
import dev.sluice.spec.LoadBalancer;
import dev.sluice.spec.Retry;
import dev.sluice.spec.Timeouts;
import dev.sluice.spec.TrafficPolicySpec;
import dev.sluice.spec.Version;
import org.jspecify.annotations.Nullable;

/** The sections that every level of precedence may set; null where a level says nothing. */
record Sections(
    @Nullable LoadBalancer loadBalancer,
    @Nullable ConnectionPool connectionPool,
    @Nullable CircuitBreaker circuitBreaker,
    @Nullable Retry retry,
    @Nullable Timeouts timeouts) {
  static final Sections NONE = new Sections(null, null, null, null, null);

  static Sections of(MeshDefaults mesh) {
    return new Sections(
        mesh.loadBalancer(),
        mesh.connectionPool(),
        mesh.circuitBreaker(),
        mesh.retry(),
        mesh.timeouts());
  }

  static Sections of(TrafficPolicySpec spec) {
    return new Sections(
        spec.loadBalancer(),
        spec.connectionPool(),
        spec.circuitBreaker(),
        spec.retry(),
        spec.timeouts());
  }

  static Sections of(Version.@Nullable Overrides overrides) {
    return overrides == null
        ? NONE
        : new Sections(
            overrides.loadBalancer(),
            overrides.connectionPool(),
            overrides.circuitBreaker(),
            null,
            null);
  }

  /** These, over {@code lower} where they say nothing. */
  Sections over(Sections lower) {
    return Merge.over(lower, this);
  }
}
