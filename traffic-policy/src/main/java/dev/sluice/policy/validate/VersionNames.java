package dev.sluice.policy.validate;

import dev.sluice.spec.Version;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The names of a policy's versions, for all that names one.
 *
 * @param declared the names
 */
record VersionNames(SortedSet<String> declared) {
  /** What a custom resource may hold too, lest comparing their names cost the API server much. */
  static final int MOST_VERSIONS = 256;

  private static final long MOST = 0xFFFF_FFFFL;

  static VersionNames of(List<Version> versions) {
    SortedSet<String> names = new TreeSet<>();
    versions.forEach(version -> names.add(version.name()));
    return new VersionNames(names);
  }

  /**
   * A version that is named. Where a policy declares none at all, another policy of the same
   * service may: only both together tell.
   */
  void known(At at, String name) {
    if (!declared.isEmpty() && !declared.contains(name)) {
      at.error("unknown version \"" + name + "\" (declared: " + String.join(", ", declared) + ")");
    }
  }

  /** Shares by version ({@code WeightedCluster}: a sum from 1 to 2^32-1). */
  void weights(At at, SortedMap<String, Integer> weights) {
    if (weights.size() > MOST_VERSIONS) {
      at.error("names %d versions; the most is %d".formatted(weights.size(), MOST_VERSIONS));
    }
    long sum = 0;
    boolean negative = false;
    for (Map.Entry<String, Integer> weight : weights.entrySet()) {
      At each = at.key(weight.getKey());
      known(each, weight.getKey());
      if (weight.getValue() < 0) {
        each.error(weight.getValue() + " is negative; write 0 for no traffic");
        negative = true;
      }
      sum += weight.getValue();
    }
    if (!negative && sum == 0) {
      at.error("the weights sum to 0, so no version would get traffic; give one a positive weight");
    }
    if (sum > MOST) {
      at.error("the weights sum to " + sum + "; the most is " + MOST);
    }
  }
}
