package dev.sluice.policy.attach;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where a rollout stands.
 *
 * @param weights share by version, each at least 0; all are divided by what divides them
 * @param parts of versions of which only some instances take part, how many, at least 1
 */
public record Rolled(SortedMap<String, Integer> weights, SortedMap<String, Integer> parts) {
  public Rolled {
    weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
    parts = Collections.unmodifiableSortedMap(new TreeMap<>(parts));
    if (weights.values().stream().anyMatch(weight -> weight < 0)
        || parts.values().stream().anyMatch(part -> part < 1)) {
      throw new IllegalArgumentException("no rollout stands at " + weights + " of " + parts);
    }
  }

  /** At these weights, with all instances. */
  public static Rolled at(SortedMap<String, Integer> weights) {
    return new Rolled(weights, Collections.emptySortedMap());
  }
}
