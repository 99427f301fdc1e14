package dev.sluice.spec;

import java.math.BigDecimal;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A mapping whose keys are not ours: those of a message of Envoy's, say.
 *
 * @param fields by key, each a {@link String}, {@link BigDecimal}, {@link Boolean}, {@link Tree},
 *     {@link List} of these, or {@link Removal}
 */
public record Tree(SortedMap<String, Object> fields) {
  public Tree {
    fields = Collections.unmodifiableSortedMap(new TreeMap<>(fields));
  }

  /** What {@code null} is written for: nothing is to stand there. */
  public enum Removal {
    REMOVED
  }
}
