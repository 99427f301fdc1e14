package dev.sluice.source;

import java.util.List;
import java.util.Objects;

/** One thing that a source tells (each is about that source's own entries only). */
public sealed interface SourceUpdate {
  /**
   * All that the source knows; what is not among it is gone.
   *
   * @param entries unique by key
   */
  record Replace(List<SourceEntry> entries) implements SourceUpdate {
    public Replace {
      entries = List.copyOf(entries);
    }
  }

  /**
   * An entry that is new or differs.
   *
   * @param entry the whole entry as it is now
   */
  record Upsert(SourceEntry entry) implements SourceUpdate {
    public Upsert {
      Objects.requireNonNull(entry);
    }
  }

  /**
   * An entry that is gone. Removing what was never told is no error.
   *
   * @param key the entry's key
   */
  record Remove(SourceEntry.Key key) implements SourceUpdate {
    public Remove {
      Objects.requireNonNull(key);
    }
  }

  /** The source has told all that it knew at its start; the server is ready once all have. */
  record Synced() implements SourceUpdate {}
}
