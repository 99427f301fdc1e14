package dev.sluice.server.catalog;

/**
 * Who is told of changes: the pipeline.
 *
 * <p>Called on the writer's thread only, one call at a time. When {@link #changed} throws, the
 * change is told again, joined with what came since.
 */
public interface CatalogListener {

  /**
   * Takes a change. The first one holds all that every source knew at its start, and may be empty.
   *
   * @param change the difference to the change before
   */
  void changed(Change change);

  /** Hears, once and after the first change, that every source has told all it knew. */
  void synced();
}
