package dev.sluice.translate;

import dev.sluice.spec.Split.OnEmpty;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** What becomes of the weights of versions without ready instances. */
final class Shares {
  /** What a route's weights sum to at most ({@code WeightedCluster.clusters[].weight}). */
  private static final long MOST = 0xFFFF_FFFFL;

  private Shares() {}

  /**
   * The weights after {@code onEmpty}, with all versions of {@code weights} still in them. Where no
   * version could take over, they stay as they are, and calls fail until an instance is ready.
   */
  static SortedMap<String, Long> of(
      SortedMap<String, Integer> weights, Set<String> ready, OnEmpty onEmpty) {
    SortedMap<String, Long> kept = new TreeMap<>();
    SortedMap<String, Long> moved = new TreeMap<>();
    long orphaned = 0;
    for (var share : weights.entrySet()) {
      boolean isReady = ready.contains(share.getKey());
      kept.put(share.getKey(), (long) share.getValue());
      moved.put(share.getKey(), isReady ? (long) share.getValue() : 0L);
      orphaned += isReady ? 0 : share.getValue();
    }
    return fitted(
        switch (onEmpty) {
          case OnEmpty.Fail _ -> kept;
          case OnEmpty.Redistribute _ ->
              moved.values().stream().anyMatch(weight -> weight > 0) ? moved : kept;
          case OnEmpty.Fallback(String version) -> {
            if (!ready.contains(version)) {
              yield kept;
            }
            if (orphaned > 0) {
              moved.merge(version, orphaned, Long::sum);
            }
            yield moved;
          }
        });
  }

  /** The weights, made smaller in proportion where they sum to more than Envoy takes. */
  private static SortedMap<String, Long> fitted(SortedMap<String, Long> weights) {
    long sum = weights.values().stream().mapToLong(Long::longValue).sum();
    if (sum > MOST) {
      long divisor = sum / MOST + 1;
      weights.replaceAll((_, weight) -> weight == 0 ? 0 : Math.max(1, weight / divisor));
    }
    return weights;
  }
}
