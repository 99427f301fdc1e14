package dev.sluice.server.source;

import dev.sluice.problem.Problem;
import dev.sluice.source.DocumentReader.Item;
import dev.sluice.source.DocumentReader.Reading;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/**
 * What one text contributes, such as a file: the last good version of each of its documents.
 *
 * <p>A document that is gone from its text does not go at once: an editor that moves the old file
 * away before it writes the new one would otherwise take the traffic away for a moment. It is
 * <em>leaving</em> until {@link #settle}.
 *
 * @param documents the text's documents
 * @param leaving documents that are gone from the text and still count where no text holds them
 * @param problems what is wrong with the text now
 */
public record TextState(
    SortedMap<DocumentKey, Document> documents,
    SortedMap<DocumentKey, Leaving> leaving,
    List<Problem> problems) {

  /** A text of which nothing is known. */
  public static final TextState EMPTY = new TextState(new TreeMap<>(), new TreeMap<>(), List.of());

  /**
   * A document that is gone from its text.
   *
   * @param document its last good version
   * @param since when it was first seen to be gone, in nanoseconds
   */
  public record Leaving(Document document, long since) {}

  public TextState {
    documents = Collections.unmodifiableSortedMap(documents);
    leaving = Collections.unmodifiableSortedMap(leaving);
    problems = List.copyOf(problems);
  }

  /**
   * This state after the text was read.
   *
   * <p>A valid document counts. One that is there and not valid keeps its last good version. One
   * that is not there leaves, unless the text could not be read as a whole or has a document of
   * which not even the key could be read: that may be the one which is missed.
   */
  public TextState read(Reading reading, long now) {
    SortedMap<DocumentKey, Document> seen = new TreeMap<>();
    List<Problem> found = new ArrayList<>(reading.problems());
    Set<DocumentKey> invalid = new HashSet<>();
    boolean all = reading.complete();
    for (Item item : reading.items()) {
      if (item.document().isPresent()) {
        Document document = item.document().get();
        Document first = seen.putIfAbsent(document.key(), document);
        if (first != null) {
          found.add(Duplicates.problem(first, document));
        }
      } else if (item.key().isPresent()) {
        invalid.add(item.key().get());
      } else {
        all = false;
      }
    }
    boolean conclusive = all;
    return next(seen, key -> !conclusive || invalid.contains(key), found, now);
  }

  /** This state after the text could not be read: its documents stay. */
  public TextState unreadable(Problem problem, long now) {
    return next(new TreeMap<>(), _ -> true, List.of(problem), now);
  }

  /** This state after the text was seen to be gone: its documents leave. */
  public TextState gone(long now) {
    return next(new TreeMap<>(), _ -> false, List.of(), now);
  }

  /** This state without the documents that have been leaving since {@code before} or longer. */
  public TextState settle(long before) {
    SortedMap<DocumentKey, Leaving> still = new TreeMap<>(leaving);
    still.values().removeIf(one -> one.since() - before <= 0);
    return still.size() == leaving.size() ? this : new TextState(documents, still, problems);
  }

  /** What it contributes, and nothing of what is wrong. */
  public TextState withoutProblems() {
    return new TextState(documents, leaving, List.of());
  }

  /** Whether there is something to lose. */
  public boolean hasDocuments() {
    return !documents.isEmpty() || !leaving.isEmpty();
  }

  /** Whether it contributes nothing and says nothing. */
  public boolean isEmpty() {
    return documents.isEmpty() && leaving.isEmpty() && problems.isEmpty();
  }

  private TextState next(
      SortedMap<DocumentKey, Document> seen,
      Predicate<DocumentKey> stays,
      List<Problem> found,
      long now) {
    SortedMap<DocumentKey, Document> documentsNow = new TreeMap<>(seen);
    SortedMap<DocumentKey, Leaving> leavingNow = new TreeMap<>();
    documents.forEach(
        (key, document) -> {
          if (stays.test(key)) {
            documentsNow.putIfAbsent(key, document);
          } else if (!seen.containsKey(key)) {
            leavingNow.put(key, new Leaving(document, now));
          }
        });
    leaving.forEach(
        (key, one) -> {
          if (stays.test(key)) {
            documentsNow.putIfAbsent(key, one.document());
          } else if (!seen.containsKey(key)) {
            leavingNow.put(key, one);
          }
        });
    return new TextState(documentsNow, leavingNow, found);
  }
}
