package dev.sluice.spec;

import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * {@code spec.split}: how calls are divided among the versions.
 *
 * @param weights share by version name, each at least 0, with a positive sum, at most 256 of them;
 *     empty with {@code by: podCount}
 * @param mode where the division is made; null for {@code cluster}
 * @param by what the shares follow; null for {@code weights}
 * @param onEmpty what becomes of the share of a version without ready instances; null for {@code
 *     redistribute}
 */
public record Split(
    SortedMap<String, Integer> weights,
    @Nullable Mode mode,
    @Nullable By by,
    @Nullable OnEmpty onEmpty) {
  public Split {
    weights = Collections.unmodifiableSortedMap(new TreeMap<>(weights));
  }

  /** Where the division is made. */
  public enum Mode {
    /** In the route: one Cluster a version; a retry stays within the version first picked. */
    CLUSTER,
    /** In the endpoints' weights: one Cluster; a retry may reach another version. */
    ENDPOINT
  }

  /** What the shares follow. */
  public enum By {
    /** The weights given. */
    WEIGHT,
    /** The number of ready instances of each version. */
    POD_COUNT
  }

  /**
   * What becomes of the share of a version without ready instances: written {@code fail}, {@code
   * redistribute} or {@code {fallback: {version: v1}}}.
   */
  public sealed interface OnEmpty {
    /** Its calls fail (503). */
    record Fail() implements OnEmpty {}

    /** The other versions take it over, in proportion to their weights. */
    record Redistribute() implements OnEmpty {}

    /**
     * One version takes it over.
     *
     * @param version its name
     */
    record Fallback(@Required String version) implements OnEmpty {
      public Fallback {
        Objects.requireNonNull(version);
      }
    }
  }
}
