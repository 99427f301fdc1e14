package dev.sluice.server.catalog;

import dev.sluice.catalog.SourceName;

/**
 * Where the {@link CatalogWriter} counts. It is called on the writer's thread and must not wait.
 */
public interface CatalogMetrics {
  /** Counts nothing. */
  CatalogMetrics NONE = new CatalogMetrics() {};

  /** Updates of {@code source} were folded, so many nanoseconds after it told them. */
  default void folded(SourceName source, int updates, long nanos) {}

  /**
   * The listener took a change.
   *
   * @param waitedNanos since the first part of it was folded
   * @param tookNanos of the listener alone
   */
  default void changed(long waitedNanos, long tookNanos) {}
}
