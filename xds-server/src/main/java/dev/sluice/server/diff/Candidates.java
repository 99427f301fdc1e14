package dev.sluice.server.diff;

import dev.sluice.catalog.SourceName;
import dev.sluice.problem.Nearest;
import dev.sluice.problem.Problem;
import dev.sluice.server.catalog.CatalogImage;
import dev.sluice.server.diff.DiffRequest.Rest;
import dev.sluice.server.diff.DocumentChange.What;
import dev.sluice.server.overrides.RefusedException;
import dev.sluice.server.overrides.RefusedException.Why;
import dev.sluice.server.source.Duplicates;
import dev.sluice.server.source.EntryKeys;
import dev.sluice.server.source.StaticServices;
import dev.sluice.source.DocumentReader;
import dev.sluice.source.SourceEntry.OfDocument;
import dev.sluice.source.SourceEntry.OfService;
import dev.sluice.source.SourceUpdate;
import dev.sluice.source.SourceUpdate.Remove;
import dev.sluice.source.SourceUpdate.Upsert;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Gateway;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.Metadata;
import dev.sluice.spec.Origin;
import dev.sluice.spec.StaticService;
import dev.sluice.spec.TrafficPolicy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Documents as they may be, as the updates by which their sources would tell of them.
 *
 * @param documents those that can be read
 * @param unread documents of the texts that are wrong: what holds of them now stays
 * @param problems what is wrong with the texts
 */
record Candidates(
    SortedMap<DocumentKey, Document> documents, Set<DocumentKey> unread, List<Problem> problems) {

  private static final int SUGGESTIONS = 3;

  /** Reads the texts as a source does. */
  static Candidates read(List<CandidateText> texts, DocumentReader reader) {
    SortedMap<DocumentKey, Document> documents = new TreeMap<>();
    Set<DocumentKey> unread = new HashSet<>();
    List<Problem> problems = new ArrayList<>();
    for (CandidateText text : texts) {
      DocumentReader.Reading reading = reader.read(text.file(), text.text());
      problems.addAll(reading.problems());
      for (DocumentReader.Item item : reading.items()) {
        if (item.document().isEmpty()) {
          item.key().ifPresent(unread::add);
        }
        item.document()
            .ifPresent(
                document -> {
                  Document first = documents.putIfAbsent(document.key(), document);
                  if (first != null) {
                    problems.add(Duplicates.problem(first, document));
                  }
                });
      }
    }
    return new Candidates(documents, unread, problems);
  }

  /**
   * What would come of them.
   *
   * @param changes what would become of each document
   * @param updates what sources would tell
   */
  record Outcome(List<DocumentChange> changes, SortedMap<SourceName, List<SourceUpdate>> updates) {}

  /**
   * What would come of them beside what is there.
   *
   * @param home where documents would be that are nowhere yet
   * @throws RefusedException when one that is to be deleted is not there
   */
  Outcome beside(CatalogImage image, DiffRequest request, SourceName home, Instant now) {
    Outcome outcome = new Outcome(new ArrayList<>(), new TreeMap<>());
    documents.values().forEach(document -> put(document, image, home, now, outcome));
    Set<DocumentKey> gone = new HashSet<>(request.delete());
    if (request.rest() == Rest.GONE) {
      image.documents().all().keySet().stream()
          .filter(key -> !documents.containsKey(key) && !unread.contains(key))
          .filter(key -> image.holder(key).filter(home::equals).isPresent())
          .forEach(gone::add);
    }
    gone.stream().sorted().forEach(key -> remove(key, image, outcome));
    return outcome;
  }

  private static void put(
      Document given, CatalogImage image, SourceName home, Instant now, Outcome outcome) {
    Optional<Document> live = image.documents().document(given.key());
    SourceName source = image.holder(given.key()).orElse(home);
    Document document =
        live.map(it -> inPlaceOf(it, given, source, now))
            .orElseGet(() -> asNew(given, source, now));
    What what = live.isEmpty() ? What.ADDED : says(live.get(), document) ? What.SAME : What.CHANGED;
    outcome.changes().add(new DocumentChange(given.key(), what, given.origin().toString()));
    if (what == What.SAME) {
      return;
    }
    List<SourceUpdate> updates = outcome.updates().computeIfAbsent(source, _ -> new ArrayList<>());
    updates.add(new Upsert(new OfDocument(document)));
    if (document instanceof StaticService service) {
      updates.add(new Upsert(new OfService(StaticServices.service(service, source))));
    }
  }

  private static void remove(DocumentKey key, CatalogImage image, Outcome outcome) {
    Optional<SourceName> source = image.holder(key);
    if (source.isEmpty()) {
      throw new RefusedException(Why.UNKNOWN, unknown(key, image.documents().all().keySet()));
    }
    List<SourceUpdate> updates =
        outcome.updates().computeIfAbsent(source.get(), _ -> new ArrayList<>());
    EntryKeys.of(key).forEach(entry -> updates.add(new Remove(entry)));
    String place =
        image.documents().document(key).map(it -> it.origin().start().toString()).orElse("");
    outcome.changes().add(new DocumentChange(key, What.REMOVED, place));
  }

  private static String unknown(DocumentKey wanted, Collection<DocumentKey> known) {
    List<String> near =
        known.stream()
            .filter(it -> Nearest.isNear(wanted.name(), it.name()))
            .sorted(
                Comparator.comparingInt(
                        (DocumentKey it) -> Nearest.distance(wanted.toString(), it.toString()))
                    .thenComparing(Comparator.naturalOrder()))
            .limit(SUGGESTIONS)
            .map(DocumentKey::toString)
            .toList();
    return "no %s is known, so it cannot be deleted; %s"
        .formatted(
            wanted,
            near.isEmpty()
                ? "see /v1/documents"
                : "did you mean " + String.join(" or ", near) + "?");
  }

  /** It keeps its place among others: who comes first is told by age, or by file and line. */
  private static Document inPlaceOf(Document live, Document given, SourceName source, Instant now) {
    Origin origin =
        new Origin(live.origin().start(), given.origin().positions(), live.origin().generation());
    Document same = aged(given, live.metadata().creationTimestamp()).at(origin);
    if (same instanceof InstanceOverride override && live instanceof InstanceOverride before) {
      Instant since = before.since();
      boolean goesOn = isOfCluster(source) || override.spec().equals(before.spec());
      return override.startingAt(goesOn && since != null ? since : now);
    }
    return same;
  }

  private static Document asNew(Document given, SourceName source, Instant now) {
    Document aged = isOfCluster(source) ? aged(given, now) : given;
    return aged instanceof InstanceOverride override ? override.startingAt(now) : aged;
  }

  /** Of whose documents the age is known. */
  private static boolean isOfCluster(SourceName source) {
    return source.kind().equals("kubernetes");
  }

  private static Document aged(Document given, @Nullable Instant created) {
    Metadata own = given.metadata();
    Metadata metadata = new Metadata(own.name(), own.namespace(), own.labels(), created);
    return switch (given) {
      case TrafficPolicy it -> new TrafficPolicy(metadata, it.spec(), it.origin());
      case Gateway it -> new Gateway(metadata, it.spec(), it.origin());
      case InstanceOverride it ->
          new InstanceOverride(metadata, it.spec(), it.origin(), it.since());
      case StaticService it -> new StaticService(metadata, it.spec(), it.origin());
    };
  }

  /** Whether the two say the same, wherever they are written. */
  private static boolean says(Document one, Document other) {
    Origin nowhere = one.origin();
    return one.equals(other.at(nowhere));
  }
}
