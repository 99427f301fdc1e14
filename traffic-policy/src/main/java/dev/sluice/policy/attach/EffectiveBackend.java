package dev.sluice.policy.attach;

import dev.sluice.catalog.Locality;
import dev.sluice.spec.StaticAddress;
import java.util.List;
import java.util.Objects;

/**
 * Instances that a policy names itself ({@code target.backends[].static}).
 *
 * @param name unique within the policy
 * @param addresses the instances
 * @param weight of each instance, 0 to 1,000,000; 0 leaves the backend out
 * @param locality where they run
 */
public record EffectiveBackend(
    String name, List<StaticAddress> addresses, int weight, Locality locality) {
  public EffectiveBackend {
    Objects.requireNonNull(name);
    addresses = List.copyOf(addresses);
    Objects.requireNonNull(locality);
  }
}
