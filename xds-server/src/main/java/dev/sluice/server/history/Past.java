package dev.sluice.server.history;

import dev.sluice.server.snapshot.Revision;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A revision with what was in force in it.
 *
 * @param revision what was published, and why
 * @param documents those in force
 * @param unreadable keys of those that were in force too, and that this version does not take
 */
public record Past(Revision revision, Documents documents, SortedSet<DocumentKey> unreadable) {
  public Past {
    Objects.requireNonNull(revision);
    Objects.requireNonNull(documents);
    unreadable = Collections.unmodifiableSortedSet(new TreeSet<>(unreadable));
  }

  /** One of this process: it has all documents. */
  Past(Revision revision, Documents documents) {
    this(revision, documents, Collections.emptySortedSet());
  }
}
