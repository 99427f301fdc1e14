package dev.sluice.catalog;

import java.util.Collections;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The difference between two catalogs.
 *
 * @param before the catalog that was
 * @param after the catalog that is
 * @param changed services that are new or differ
 * @param removed services that are gone
 */
public record CatalogDelta(
    Catalog before, Catalog after, SortedSet<ServiceId> changed, SortedSet<ServiceId> removed) {
  public CatalogDelta {
    Objects.requireNonNull(before);
    Objects.requireNonNull(after);
    changed = Collections.unmodifiableSortedSet(new TreeSet<>(changed));
    removed = Collections.unmodifiableSortedSet(new TreeSet<>(removed));
  }

  /** No difference from {@code catalog}. */
  public static CatalogDelta none(Catalog catalog) {
    return new CatalogDelta(
        catalog, catalog, Collections.emptySortedSet(), Collections.emptySortedSet());
  }

  /** Whether the two catalogs are equal. */
  public boolean isEmpty() {
    return changed.isEmpty() && removed.isEmpty();
  }
}
