package dev.sluice.spec;

import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code spec.versions[]}: the instances that carry some labels.
 *
 * @param name a DNS label, unique within the policy
 * @param labels pod labels, Consul tags and meta; not empty
 * @param overrides sections that differ for this version; null for none
 */
public record Version(
    @Required String name,
    @Required SortedMap<String, String> labels,
    @Nullable Overrides overrides) {
  public Version {
    Objects.requireNonNull(name);
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
  }

  /** What the version says of the sections that every level of precedence may give. */
  public Resilience resilience() {
    return overrides == null
        ? Resilience.NONE
        : new Resilience(
            overrides.loadBalancer,
            overrides.connectionPool,
            overrides.circuitBreaker,
            null,
            null,
            overrides.health,
            null);
  }

  /**
   * {@code spec.versions[].overrides}: merged over the policy's own sections, field by field.
   *
   * @param loadBalancer null for the policy's
   * @param connectionPool null for the policy's
   * @param circuitBreaker null for the policy's
   * @param health null for the policy's
   */
  public record Overrides(
      @Nullable LoadBalancer loadBalancer,
      @Nullable ConnectionPool connectionPool,
      @Nullable CircuitBreaker circuitBreaker,
      @Nullable HealthCheck health) {}
}
