package dev.sluice.policy.attach;

import dev.sluice.spec.LocalityRouting.Nearness;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** {@link dev.sluice.spec.LocalityRouting}, every default filled in. */
public sealed interface LocalityPolicy {
  /** Where an instance runs does not count. */
  record None() implements LocalityPolicy {}

  /**
   * The nearest take the calls for as long as they can.
   *
   * @param order whom calls go to first; instances that are none of these get none
   * @param overprovision at least 100
   */
  record Failover(List<Nearness> order, int overprovision) implements LocalityPolicy {
    public Failover {
      order = List.copyOf(order);
    }
  }

  /**
   * Each place has its share.
   *
   * @param weights by {@code region/zone} or {@code region}; the former counts where both are given
   * @param overprovision at least 100
   */
  record Weighted(SortedMap<String, Integer> weights, int overprovision) implements LocalityPolicy {
    public Weighted {
      weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
    }
  }
}
