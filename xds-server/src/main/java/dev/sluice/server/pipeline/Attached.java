package dev.sluice.server.pipeline;

import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.policy.attach.PolicyStatus;
import dev.sluice.problem.Problem;
import dev.sluice.server.catalog.Change;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import dev.sluice.spec.DocumentsDelta;
import dev.sluice.spec.Resilience;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The policies that are in force: an edit of one that cannot be applied beside the others is set
 * aside, and the last good version stays until the edit, or what it conflicts with, changes.
 *
 * @param index what holds for each service
 * @param documents the documents that the index was made from
 * @param aside the edits that are set aside, with why
 */
record Attached(
    PolicyIndex index, Documents documents, SortedMap<DocumentKey, PolicyStatus> aside) {
  Attached {
    aside = Collections.unmodifiableSortedMap(new TreeMap<>(aside));
  }

  static Attached nothing(Resilience defaults) {
    return new Attached(PolicyIndex.empty(defaults), Documents.EMPTY, new TreeMap<>());
  }

  /** What became of each policy: of an edit that is set aside, why. */
  SortedMap<DocumentKey, PolicyStatus> statuses() {
    if (aside.isEmpty()) {
      return index.statuses();
    }
    SortedMap<DocumentKey, PolicyStatus> all = new TreeMap<>(index.statuses());
    all.putAll(aside);
    return Collections.unmodifiableSortedMap(all);
  }

  /** What is in force after {@code change}; edits that were set aside are tried again. */
  Attached with(Change change) {
    TreeSet<DocumentKey> changed = new TreeSet<>(change.documents().changed());
    changed.addAll(aside.keySet());
    changed.removeAll(change.documents().removed());
    Documents wanted = documents;
    for (DocumentKey key : changed) {
      Optional<Document> document = change.documents().after().document(key);
      wanted = document.isPresent() ? wanted.with(document.get()) : wanted.without(key);
    }
    for (DocumentKey key : change.documents().removed()) {
      wanted = wanted.without(key);
    }
    SortedSet<DocumentKey> removed = change.documents().removed();
    SortedMap<DocumentKey, PolicyStatus> refused = new TreeMap<>();
    // What is put back may conflict with another edit, which is then put back as well.
    while (true) {
      PolicyIndex trial =
          index.with(new DocumentsDelta(documents, wanted, changed, removed), change.catalog());
      SortedMap<DocumentKey, PolicyStatus> more = refused(changed, trial);
      if (more.isEmpty()) {
        return new Attached(trial, wanted, refused);
      }
      for (DocumentKey key : more.keySet()) {
        wanted = wanted.with(documents.document(key).orElseThrow());
      }
      changed.removeAll(more.keySet());
      refused.putAll(more);
    }
  }

  /** The edits that the index finds wrong, of policies with which nothing is wrong as they are. */
  private SortedMap<DocumentKey, PolicyStatus> refused(
      SortedSet<DocumentKey> edits, PolicyIndex trial) {
    SortedMap<DocumentKey, PolicyStatus> refused = new TreeMap<>();
    for (DocumentKey key : edits) {
      PolicyStatus before = index.statuses().get(key);
      PolicyStatus after = trial.statuses().get(key);
      if (before != null && after != null && isRight(before) && !isRight(after)) {
        refused.put(key, after);
      }
    }
    return refused;
  }

  private static boolean isRight(PolicyStatus status) {
    return status.accepted() && !Problem.anyError(status.problems());
  }
}
