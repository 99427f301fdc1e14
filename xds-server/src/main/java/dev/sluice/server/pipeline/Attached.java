package dev.sluice.server.pipeline;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.CatalogDelta;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.policy.attach.Attribution;
import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.policy.attach.PolicyStatus;
import dev.sluice.policy.attach.Rolled;
import dev.sluice.problem.Problem;
import dev.sluice.server.catalog.Change;
import dev.sluice.server.pipeline.Refusals.Refused;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import dev.sluice.spec.DocumentsDelta;
import dev.sluice.spec.Resilience;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * The policies that are in force: an edit of one that cannot be applied beside the others is set
 * aside, and the last good version stays until the edit, or what it conflicts with, changes.
 *
 * @param index what holds for each service
 * @param documents the documents that the index was made from
 * @param aside the edits that are set aside, with why
 * @param rolled where rollouts stand
 * @param shown the documents as they stand there
 */
record Attached(
    PolicyIndex index,
    Documents documents,
    SortedMap<DocumentKey, PolicyStatus> aside,
    RolledShares rolled,
    Documents shown) {
  Attached {
    aside = Collections.unmodifiableSortedMap(new TreeMap<>(aside));
  }

  static Attached nothing(Resilience defaults) {
    return new Attached(
        PolicyIndex.empty(defaults),
        Documents.EMPTY,
        new TreeMap<>(),
        RolledShares.NONE,
        Documents.EMPTY);
  }

  /** The same with rollouts that stand elsewhere, of policies that are not there yet. */
  Attached rolled(SortedMap<DocumentKey, Optional<Rolled>> stands) {
    return new Attached(index, documents, aside, rolled.with(stands), shown);
  }

  /**
   * What is in force once rollouts stand elsewhere: of an edit that is set aside, the version
   * before it does. Those of which no proxy would take what they make there stand where they stood.
   */
  Attached rolled(
      SortedMap<DocumentKey, Optional<Rolled>> stands, CatalogDelta catalog, Refusals refusals) {
    TreeSet<DocumentKey> all = new TreeSet<>(stands.keySet());
    all.removeIf(key -> documents.document(key).isEmpty());
    TreeSet<DocumentKey> tried = new TreeSet<>(all);
    RolledShares next = rolled.with(stands);
    while (true) {
      RolledShares now = next;
      Documents then = now.in(documents);
      PolicyIndex trial =
          index.with(new DocumentsDelta(shown, then, all, Collections.emptySortedSet()), catalog);
      SortedMap<DocumentKey, PolicyStatus> more = refused(tried, trial);
      if (more.isEmpty()) {
        more =
            unusable(
                tried,
                new Trial(
                    then,
                    catalog.after(),
                    trial,
                    key -> now.with(key, rolled.of(key)).in(documents)),
                refusals);
      }
      if (more.isEmpty()) {
        return new Attached(trial, documents, aside, now, then);
      }
      for (DocumentKey key : more.keySet()) {
        next = next.with(key, rolled.of(key));
      }
      tried.removeAll(more.keySet());
    }
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

  /**
   * What is in force after {@code change}; edits that were set aside are tried again where it may
   * help.
   *
   * @param now overrides that have ended by then are not in force
   * @param refusals knows what no proxy would take
   */
  Attached with(Change change, Instant now, Refusals refusals) {
    TreeSet<DocumentKey> changed = new TreeSet<>(change.documents().changed());
    boolean again = mayHelp(change);
    if (again) {
      changed.addAll(aside.keySet());
    }
    changed.removeAll(change.documents().removed());
    Documents wanted = documents;
    for (DocumentKey key : changed) {
      Optional<Document> document =
          change.documents().after().document(key).filter(it -> !Expiry.isOver(it, now));
      wanted = document.isPresent() ? wanted.with(document.get()) : wanted.without(key);
    }
    for (DocumentKey key : change.documents().removed()) {
      wanted = wanted.without(key);
    }
    SortedSet<DocumentKey> removed = change.documents().removed();
    SortedMap<DocumentKey, PolicyStatus> refused = again ? new TreeMap<>() : new TreeMap<>(aside);
    // What is put back may conflict with another edit, which is then put back as well.
    while (true) {
      Documents then = changed.isEmpty() && removed.isEmpty() ? shown : rolled.in(wanted);
      PolicyIndex trial =
          index.with(new DocumentsDelta(shown, then, changed, removed), change.catalog());
      SortedMap<DocumentKey, PolicyStatus> more = refused(changed, trial);
      if (more.isEmpty()) {
        Documents tried = wanted;
        Trial made =
            new Trial(
                then, change.catalog().after(), trial, key -> rolled.in(withFormer(key, tried)));
        more = unusable(changed, made, refusals);
      }
      if (more.isEmpty()) {
        return new Attached(trial, wanted, refused, rolled, then);
      }
      for (DocumentKey key : more.keySet()) {
        wanted = withFormer(key, wanted);
      }
      changed.removeAll(more.keySet());
      refused.putAll(more);
    }
  }

  /**
   * Whether {@code change} may have mended what was wrong with edits that were set aside. Instances
   * that come and go, as they do all the time, are no part of any conflict.
   */
  private boolean mayHelp(Change change) {
    return !change.documents().isEmpty()
        || aside.values().stream()
            .anyMatch(status -> status.reason() == PolicyStatus.Reason.REFUSED_BY_ENVOY)
        || !change.catalog().removed().isEmpty()
        || change.catalog().changed().stream()
            .anyMatch(
                id ->
                    !shape(change.catalog().before(), id)
                        .equals(shape(change.catalog().after(), id)));
  }

  private static Optional<Service> shape(Catalog catalog, ServiceId id) {
    return catalog
        .service(id)
        .map(service -> new Service(id, service.ports(), List.of(), service.host()));
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

  /** {@code wanted} with the policy as it is in force, or without it. */
  private Documents withFormer(DocumentKey key, Documents wanted) {
    return documents.document(key).map(wanted::with).orElseGet(() -> wanted.without(key));
  }

  /**
   * What would be in force.
   *
   * @param without the documents as they would stand if it were not for one of the edits
   */
  private record Trial(
      Documents shown,
      Catalog catalog,
      PolicyIndex index,
      Function<DocumentKey, Documents> without) {
    /** Whether that port would be taken if it were not for the edit of one policy. */
    boolean isHealed(Refused port, DocumentKey edit, Refusals refusals) {
      TreeSet<DocumentKey> keys = new TreeSet<>(Set.of(edit));
      DocumentsDelta undone =
          new DocumentsDelta(shown, without.apply(edit), keys, Collections.emptySortedSet());
      PolicyIndex other = index.with(undone, CatalogDelta.none(catalog));
      return refusals.of(other, List.of(port.service())).isEmpty();
    }
  }

  /** Those of the edits, new policies among them, that give what no proxy would take. */
  private SortedMap<DocumentKey, PolicyStatus> unusable(
      SortedSet<DocumentKey> edits, Trial trial, Refusals refusals) {
    SortedMap<DocumentKey, PolicyStatus> refused = new TreeMap<>();
    for (Refused port : refusals.of(trial.index, trial.index.changed())) {
      if (port.attributions().stream().anyMatch(from -> refused.containsKey(from.document()))) {
        continue; // What is found guilty already may be all that is wrong, and it is looked again.
      }
      List<Attribution> shaping =
          port.attributions().stream().filter(from -> edits.contains(from.document())).toList();
      Optional<Attribution> guilty =
          shaping.stream()
              .filter(from -> trial.isHealed(port, from.document(), refusals))
              .findFirst();
      for (Attribution from : guilty.map(List::of).orElse(shaping)) {
        PolicyStatus status = trial.index.statuses().get(from.document());
        refused.put(
            from.document(), Objects.requireNonNull(status).refused(port.problem(from.location())));
      }
    }
    return refused;
  }

  private static boolean isRight(PolicyStatus status) {
    return status.accepted() && !Problem.anyError(status.problems());
  }
}
