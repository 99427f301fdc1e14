package dev.sluice.server.catalog;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.SourceName;
import dev.sluice.problem.Problem;
import dev.sluice.secret.SecretId;
import dev.sluice.secret.Secrets;
import dev.sluice.source.SourceEntry;
import dev.sluice.source.SourceEntry.OfDocumentKey;
import dev.sluice.source.SourceEntry.OfService;
import dev.sluice.source.SourceEntry.ServiceKey;
import dev.sluice.source.SourceUpdate;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/**
 * The immutable image of what all sources have told: what each of them said, and what it amounts
 * to.
 *
 * <p>Services that several sources know are merged ({@link ServiceMerge}); of a document that
 * several sources hold, the one of the first source by name counts, and so with secrets. An image
 * shares with the one before all that did not change, so that folding an update costs time and
 * memory in proportion to the update.
 */
public final class CatalogImage {

  /** Before any source said anything. */
  public static final CatalogImage EMPTY =
      new CatalogImage(
          TreePMap.empty(),
          Catalog.EMPTY,
          Documents.EMPTY,
          TreePMap.empty(),
          Secrets.EMPTY,
          TreePSet.empty());

  private final TreePMap<SourceName, HashPMap<SourceEntry.Key, SourceEntry>> told;
  private final Catalog catalog;
  private final Documents documents;
  private final TreePMap<DocumentKey, SortedMap<SourceName, Problem>> hidden;
  private final Secrets secrets;
  private final TreePSet<SourceName> synced;

  CatalogImage(
      TreePMap<SourceName, HashPMap<SourceEntry.Key, SourceEntry>> told,
      Catalog catalog,
      Documents documents,
      TreePMap<DocumentKey, SortedMap<SourceName, Problem>> hidden,
      Secrets secrets,
      TreePSet<SourceName> synced) {
    this.told = told;
    this.catalog = catalog;
    this.documents = documents;
    this.hidden = hidden;
    this.secrets = secrets;
    this.synced = synced;
  }

  /**
   * Folds updates of one source into this image.
   *
   * @param source who speaks; only its own entries are affected
   * @param updates in order; however a stream of updates is cut into lists, the image is the same
   */
  public Folded apply(SourceName source, List<SourceUpdate> updates) {
    return new Fold(this, source).apply(updates);
  }

  /**
   * The change that updates would make of this image, as the pipeline would be told of it.
   *
   * @param updates those of each source, in order
   * @param at when
   */
  public Change changeBy(SortedMap<SourceName, List<SourceUpdate>> updates, Instant at) {
    CatalogImage after = this;
    Set<ServiceId> services = new TreeSet<>();
    Set<DocumentKey> keys = new TreeSet<>();
    Set<SecretId> names = new TreeSet<>();
    for (Map.Entry<SourceName, List<SourceUpdate>> told : updates.entrySet()) {
      Folded folded = after.apply(told.getKey(), told.getValue());
      services.addAll(folded.catalog().changed());
      services.addAll(folded.catalog().removed());
      keys.addAll(folded.documents().changed());
      keys.addAll(folded.documents().removed());
      names.addAll(folded.secrets().changed());
      names.addAll(folded.secrets().removed());
      after = folded.image();
    }
    return new Change(
        Deltas.of(catalog, after.catalog, services),
        Deltas.of(documents, after.documents, keys),
        Deltas.of(secrets, after.secrets, names),
        new Change.Causes(new TreeSet<>(updates.keySet()), new TreeSet<>(keys), at));
  }

  /** All services, merged over the sources. */
  public Catalog catalog() {
    return catalog;
  }

  /** What each source says of the service {@code id}; empty where none knows it. */
  public SortedMap<SourceName, Service> views(ServiceId id) {
    return views(id, told);
  }

  static SortedMap<SourceName, Service> views(
      ServiceId id, Map<SourceName, HashPMap<SourceEntry.Key, SourceEntry>> told) {
    SortedMap<SourceName, Service> views = new TreeMap<>();
    told.forEach(
        (source, entries) -> {
          if (entries.get(new ServiceKey(id)) instanceof OfService(Service service)) {
            views.put(source, service);
          }
        });
    return Collections.unmodifiableSortedMap(views);
  }

  /** Endpoints of the service {@code id} that another source's word hides; reckoned when asked. */
  public List<HiddenEndpoint> hidden(ServiceId id) {
    SortedMap<SourceName, Service> views = views(id);
    return views.isEmpty() ? List.of() : ServiceMerge.hidden(views);
  }

  /** All documents, one of each key. */
  public Documents documents() {
    return documents;
  }

  /** The source whose document of that key counts; empty where none has one. */
  public Optional<SourceName> holder(DocumentKey key) {
    return told.entrySet().stream()
        .filter(entries -> entries.getValue().containsKey(new OfDocumentKey(key)))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** All secrets, one of each name. */
  public Secrets secrets() {
    return secrets;
  }

  /** The sources that have told all they knew at their start. */
  public SortedSet<SourceName> synced() {
    return Collections.unmodifiableSortedSet(synced);
  }

  /** Documents that another source's document of the same key hides, by the losing source. */
  public SortedMap<SourceName, List<Problem>> problems() {
    SortedMap<SourceName, List<Problem>> problems = new TreeMap<>();
    for (SortedMap<SourceName, Problem> losers : hidden.values()) {
      losers.forEach(
          (source, problem) ->
              problems.computeIfAbsent(source, _ -> new ArrayList<>()).add(problem));
    }
    return Collections.unmodifiableSortedMap(problems);
  }

  TreePMap<SourceName, HashPMap<SourceEntry.Key, SourceEntry>> told() {
    return told;
  }

  HashPMap<SourceEntry.Key, SourceEntry> told(SourceName source) {
    HashPMap<SourceEntry.Key, SourceEntry> entries = told.get(source);
    return entries == null ? HashTreePMap.empty() : entries;
  }

  TreePMap<DocumentKey, SortedMap<SourceName, Problem>> hidden() {
    return hidden;
  }

  TreePSet<SourceName> syncedSources() {
    return synced;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CatalogImage that
        && told.equals(that.told)
        && catalog.equals(that.catalog)
        && documents.equals(that.documents)
        && hidden.equals(that.hidden)
        && secrets.equals(that.secrets)
        && synced.equals(that.synced);
  }

  @Override
  public int hashCode() {
    return Objects.hash(told, synced);
  }

  @Override
  public String toString() {
    return catalog + ", " + documents + " of " + told.keySet();
  }
}
