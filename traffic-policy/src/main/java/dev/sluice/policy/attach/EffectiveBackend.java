package dev.sluice.policy.attach;

import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.SourceName;
import dev.sluice.spec.StaticAddress;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Instances that a policy chooses or names itself ({@code target.backends[]}).
 *
 * @param name unique within the policy
 * @param share of the calls that its members get together, relative to other backends'; empty where
 *     no backend of the policy gives a weight, so that each member counts by its own
 * @param members none where the backend has weight 0, or nothing that it names is known
 */
public record EffectiveBackend(String name, OptionalInt share, List<Member> members) {
  public EffectiveBackend {
    Objects.requireNonNull(name);
    Objects.requireNonNull(share);
    members = List.copyOf(members);
  }

  /**
   * One instance.
   *
   * @param labels empty for one that the policy names
   * @param weight share among its peers, at least 1
   * @param source who told of it; null for the policy itself
   */
  public record Member(
      StaticAddress address,
      SortedMap<String, String> labels,
      int weight,
      Locality locality,
      Health health,
      @Nullable SourceName source) {
    public Member {
      Objects.requireNonNull(address);
      labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
      Objects.requireNonNull(locality);
      Objects.requireNonNull(health);
    }
  }
}
