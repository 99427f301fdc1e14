package dev.sluice.policy.attach;

import dev.sluice.spec.Split.OnEmpty;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/** How calls are divided among a service's versions (policy.md, section 3, split). */
public sealed interface EffectiveSplit {
  /** Not at all: one Cluster of every instance, whatever its labels. */
  record Whole() implements EffectiveSplit {}

  /** One Cluster of the declared versions' instances, all of equal weight. */
  record ByPodCount() implements EffectiveSplit {}

  /**
   * In the route: weighted Clusters, one a version.
   *
   * @param weights share by version
   * @param onEmpty what becomes of the share of a version without ready instances
   */
  record ByCluster(SortedMap<String, Integer> weights, OnEmpty onEmpty) implements EffectiveSplit {
    public ByCluster {
      weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
      Objects.requireNonNull(onEmpty);
    }
  }

  /**
   * In the endpoints' weights: one Cluster of all versions.
   *
   * @param weights share by version, whatever the number of its instances
   * @param onEmpty what becomes of the share of a version without ready instances
   */
  record ByEndpoint(SortedMap<String, Integer> weights, OnEmpty onEmpty) implements EffectiveSplit {
    public ByEndpoint {
      weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
      Objects.requireNonNull(onEmpty);
    }
  }
}
