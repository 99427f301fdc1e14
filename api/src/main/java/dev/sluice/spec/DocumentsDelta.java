package dev.sluice.spec;

import java.util.Collections;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The difference between two sets of documents.
 *
 * @param before the documents that were
 * @param after the documents that are
 * @param changed documents that are new or differ
 * @param removed documents that are gone
 */
public record DocumentsDelta(
    Documents before,
    Documents after,
    SortedSet<DocumentKey> changed,
    SortedSet<DocumentKey> removed) {
  public DocumentsDelta {
    Objects.requireNonNull(before);
    Objects.requireNonNull(after);
    changed = Collections.unmodifiableSortedSet(new TreeSet<>(changed));
    removed = Collections.unmodifiableSortedSet(new TreeSet<>(removed));
  }

  /** No difference from {@code documents}. */
  public static DocumentsDelta none(Documents documents) {
    return new DocumentsDelta(
        documents, documents, Collections.emptySortedSet(), Collections.emptySortedSet());
  }

  /** Whether the two sets are equal. */
  public boolean isEmpty() {
    return changed.isEmpty() && removed.isEmpty();
  }
}
