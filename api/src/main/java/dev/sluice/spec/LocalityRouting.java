package dev.sluice.spec;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code spec.locality}: which instances are preferred by where they run.
 *
 * @param mode null for {@code none}
 * @param order with failover, whom calls go to first; empty for zone, region, any
 * @param weights with weighted, share by {@code region} or {@code region/zone}, 0 to 1,000,000;
 *     where none is given, nothing goes
 * @param overprovision how many per cent of its calls a place can take on when all its instances
 *     can be called, at least 100; null for 140: then calls leave a place once more than two
 *     sevenths of its instances cannot be called
 */
public record LocalityRouting(
    @Nullable Mode mode,
    List<Nearness> order,
    SortedMap<String, Integer> weights,
    @Nullable Integer overprovision) {
  public LocalityRouting {
    order = List.copyOf(order);
    weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
  }

  /** How where an instance runs counts. */
  public enum Mode {
    /** Not at all. */
    NONE,
    /** Those that are nearest to the caller take the calls for as long as they can. */
    FAILOVER,
    /** Each place has its share, wherever the caller is. */
    WEIGHTED
  }

  /** How near an instance is to the caller. */
  public enum Nearness {
    /** In the same zone of the same region. */
    ZONE,
    /** In the same region. */
    REGION,
    /** Anywhere. */
    ANY
  }
}
