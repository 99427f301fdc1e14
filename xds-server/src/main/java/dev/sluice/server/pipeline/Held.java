package dev.sluice.server.pipeline;

import dev.sluice.policy.attach.PolicyStatus;
import dev.sluice.problem.Problem;
import dev.sluice.server.catalog.Change;
import dev.sluice.server.pipeline.HeldBack.What;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import dev.sluice.spec.DocumentsDelta;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The documents that are told, and what is to be in force of them and of a pin.
 *
 * @param pin what holds in their place; empty where nothing does
 * @param told all that sources tell
 * @param wanted what is to be in force
 */
record Held(Optional<Pin> pin, Documents told, Documents wanted) {
  static final Held NOTHING = new Held(Optional.empty(), Documents.EMPTY, Documents.EMPTY);

  /**
   * What is held after a change, and what of the change is to be in force.
   *
   * @param held after it
   * @param inForce the change without what is held back
   */
  record Step(Held held, Change inForce) {}

  Step with(Change change) {
    DocumentsDelta delta = change.documents();
    if (pin.isEmpty()) {
      return new Step(new Held(pin, delta.after(), delta.after()), change);
    }
    Documents next = wanted;
    TreeSet<DocumentKey> changed = new TreeSet<>();
    TreeSet<DocumentKey> removed = new TreeSet<>();
    TreeSet<DocumentKey> keys = new TreeSet<>(delta.changed());
    keys.addAll(delta.removed());
    for (DocumentKey key : keys) {
      Optional<Document> given = delta.after().document(key);
      Optional<Document> now = pin.get().inForce(key, given);
      if (!now.equals(given) && now.equals(wanted.document(key))) {
        continue; // Held back.
      }
      (now.isPresent() ? changed : removed).add(key);
      next = put(next, key, now);
    }
    TreeSet<DocumentKey> causes = new TreeSet<>(change.causes().documents());
    causes.removeIf(key -> !changed.contains(key) && !removed.contains(key));
    return new Step(
        new Held(pin, delta.after(), next),
        new Change(
            change.catalog(),
            new DocumentsDelta(wanted, next, changed, removed),
            change.secrets(),
            new Change.Causes(change.causes().sources(), causes, change.causes().firstSeen())));
  }

  /** The same for the first change, which has all documents: those that are pinned come with it. */
  Step first(Change change) {
    if (pin.isEmpty()) {
      return with(change);
    }
    Held next = new Held(pin, change.documents().after(), wanted).under(pin);
    Held before = new Held(pin, Documents.EMPTY, Documents.EMPTY);
    return new Step(
        next, new Change(change.catalog(), before.to(next), change.secrets(), change.causes()));
  }

  /** The same documents under another pin, or none. */
  Held under(Optional<Pin> other) {
    Documents next = told;
    if (other.isPresent()) {
      for (DocumentKey key : keys(told, other.get().documents())) {
        next = put(next, key, other.get().inForce(key, told.document(key)));
      }
    }
    return new Held(other, told, next);
  }

  /** The difference between what is to be in force of two. */
  DocumentsDelta to(Held other) {
    TreeSet<DocumentKey> changed = new TreeSet<>();
    TreeSet<DocumentKey> removed = new TreeSet<>();
    for (DocumentKey key : keys(wanted, other.wanted)) {
      Optional<Document> after = other.wanted.document(key);
      if (after.isEmpty()) {
        removed.add(key);
      } else if (!after.equals(wanted.document(key))) {
        changed.add(key);
      }
    }
    return new DocumentsDelta(wanted, other.wanted, changed, removed);
  }

  /** The same documents, of which some are looked at anew. */
  DocumentsDelta again(SortedSet<DocumentKey> documents) {
    return new DocumentsDelta(wanted, wanted, documents, Collections.emptySortedSet());
  }

  /** What is held back, sorted. */
  List<HeldBack> back() {
    List<HeldBack> back = new ArrayList<>();
    if (pin.isPresent()) {
      for (DocumentKey key : keys(told, wanted)) {
        Optional<Document> given = told.document(key);
        Optional<Document> holds = wanted.document(key);
        if (!given.equals(holds)) {
          What what = given.isEmpty() ? What.DELETED : holds.isEmpty() ? What.NEW : What.EDITED;
          back.add(
              new HeldBack(key, what, given.or(() -> holds).orElseThrow().origin().toString()));
        }
      }
    }
    return List.copyOf(back);
  }

  /** What became of documents that are held back. */
  SortedMap<DocumentKey, PolicyStatus> statuses() {
    SortedMap<DocumentKey, PolicyStatus> statuses = new TreeMap<>();
    for (HeldBack one : back()) {
      problem(one.key())
          .ifPresent(
              problem ->
                  statuses.put(
                      one.key(),
                      new PolicyStatus(
                          PolicyStatus.Reason.HELD_BACK, List.of(problem), Optional.empty())));
    }
    return Collections.unmodifiableSortedMap(statuses);
  }

  /** What the author of a document that is held back should know. */
  Optional<Problem> problem(DocumentKey key) {
    return pin.flatMap(
        by ->
            told.document(key)
                .map(
                    document ->
                        Problem.warning(
                            document.origin().start(),
                            "$",
                            "is held back by the rollback to %s; 'sluice rollback --lift' ends it"
                                .formatted(by))));
  }

  private static SortedSet<DocumentKey> keys(Documents one, Documents other) {
    TreeSet<DocumentKey> keys = new TreeSet<>();
    Stream.of(one, other).forEach(all -> keys.addAll(all.all().keySet()));
    return keys;
  }

  private static Documents put(Documents all, DocumentKey key, Optional<Document> document) {
    return document.map(all::with).orElseGet(() -> all.without(key));
  }
}
