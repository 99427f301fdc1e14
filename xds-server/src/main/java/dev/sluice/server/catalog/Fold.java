package dev.sluice.server.catalog;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.SourceName;
import dev.sluice.problem.Problem;
import dev.sluice.secret.SecretId;
import dev.sluice.secret.Secrets;
import dev.sluice.secret.TlsSecret;
import dev.sluice.source.SourceEntry;
import dev.sluice.source.SourceEntry.OfDocument;
import dev.sluice.source.SourceEntry.OfDocumentKey;
import dev.sluice.source.SourceEntry.OfSecret;
import dev.sluice.source.SourceEntry.SecretKey;
import dev.sluice.source.SourceEntry.ServiceKey;
import dev.sluice.source.SourceUpdate;
import dev.sluice.source.SourceUpdate.Remove;
import dev.sluice.source.SourceUpdate.Replace;
import dev.sluice.source.SourceUpdate.Synced;
import dev.sluice.source.SourceUpdate.Upsert;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.pcollections.HashPMap;
import org.pcollections.TreePMap;
import org.pcollections.TreePSet;

/** One fold of a source's updates into an image; used once, by one thread. */
final class Fold {

  private final CatalogImage before;
  private final SourceName source;
  private HashPMap<SourceEntry.Key, SourceEntry> entries;
  private boolean synced;
  private final Set<ServiceId> services = new TreeSet<>();
  private final Set<DocumentKey> documents = new TreeSet<>();
  private final Set<SecretId> secrets = new TreeSet<>();

  Fold(CatalogImage before, SourceName source) {
    this.before = before;
    this.source = source;
    this.entries = before.told(source);
  }

  Folded apply(List<SourceUpdate> updates) {
    for (SourceUpdate update : updates) {
      switch (update) {
        case Replace(List<SourceEntry> all) -> replace(all);
        case Upsert(SourceEntry entry) -> put(entry);
        case Remove(SourceEntry.Key key) -> remove(key);
        case Synced() -> synced = true;
      }
    }
    CatalogImage after = image();
    return new Folded(
        after,
        Deltas.of(before.catalog(), after.catalog(), services),
        Deltas.of(before.documents(), after.documents(), documents),
        Deltas.of(before.secrets(), after.secrets(), secrets),
        Urgencies.of(before, after, services, documents, secrets));
  }

  private void replace(List<SourceEntry> all) {
    Set<SourceEntry.Key> kept = new HashSet<>();
    for (SourceEntry entry : all) {
      kept.add(entry.key());
      put(entry);
    }
    for (SourceEntry.Key key : List.copyOf(entries.keySet())) {
      if (!kept.contains(key)) {
        remove(key);
      }
    }
  }

  private void put(SourceEntry entry) {
    if (!entry.equals(entries.get(entry.key()))) {
      entries = entries.plus(entry.key(), entry);
      touch(entry.key());
    }
  }

  private void remove(SourceEntry.Key key) {
    if (entries.containsKey(key)) {
      entries = entries.minus(key);
      touch(key);
    }
  }

  private void touch(SourceEntry.Key key) {
    switch (key) {
      case ServiceKey(ServiceId id) -> services.add(id);
      case OfDocumentKey(DocumentKey document) -> documents.add(document);
      case SecretKey(SecretId id) -> secrets.add(id);
    }
  }

  private CatalogImage image() {
    TreePMap<SourceName, HashPMap<SourceEntry.Key, SourceEntry>> told =
        entries.isEmpty() ? before.told().minus(source) : before.told().plus(source, entries);
    TreePSet<SourceName> syncedSources =
        synced ? before.syncedSources().plus(source) : before.syncedSources();
    Catalog catalog = before.catalog();
    for (ServiceId id : services) {
      catalog = withService(catalog, id, told);
    }
    Documents chosen = before.documents();
    TreePMap<DocumentKey, SortedMap<SourceName, Problem>> hidden = before.hidden();
    for (DocumentKey key : documents) {
      SortedMap<SourceName, Document> holders = holders(key, told);
      chosen = withDocument(chosen, key, holders);
      SortedMap<SourceName, Problem> losers = losers(holders);
      hidden = losers.isEmpty() ? hidden.minus(key) : hidden.plus(key, losers);
    }
    Secrets kept = before.secrets();
    for (SecretId id : secrets) {
      kept = withSecret(kept, id, told);
    }
    return new CatalogImage(told, catalog, chosen, hidden, kept, syncedSources);
  }

  /** Of a secret that several sources hold, the one of the first source by name counts. */
  private static Secrets withSecret(
      Secrets all, SecretId id, Map<SourceName, HashPMap<SourceEntry.Key, SourceEntry>> told) {
    for (HashPMap<SourceEntry.Key, SourceEntry> entries : told.values()) {
      if (entries.get(new SecretKey(id)) instanceof OfSecret(TlsSecret secret)) {
        boolean same = all.secret(id).filter(secret::equals).isPresent();
        return same ? all : all.with(secret);
      }
    }
    return all.without(id);
  }

  private static Catalog withService(
      Catalog catalog, ServiceId id, Map<SourceName, HashPMap<SourceEntry.Key, SourceEntry>> told) {
    List<Service> views = List.copyOf(CatalogImage.views(id, told).values());
    if (views.isEmpty()) {
      return catalog.without(id);
    }
    Service merged = ServiceMerge.merge(views);
    boolean same = catalog.service(id).filter(merged::equals).isPresent();
    return same ? catalog : catalog.with(merged);
  }

  private static Documents withDocument(
      Documents all, DocumentKey key, SortedMap<SourceName, Document> holders) {
    if (holders.isEmpty()) {
      return all.without(key);
    }
    Document winner = holders.firstEntry().getValue();
    boolean same = all.document(key).filter(winner::equals).isPresent();
    return same ? all : all.with(winner);
  }

  private static SortedMap<SourceName, Document> holders(
      DocumentKey key, Map<SourceName, HashPMap<SourceEntry.Key, SourceEntry>> told) {
    SortedMap<SourceName, Document> holders = new TreeMap<>();
    told.forEach(
        (source, entries) -> {
          if (entries.get(new OfDocumentKey(key)) instanceof OfDocument(Document document)) {
            holders.put(source, document);
          }
        });
    return holders;
  }

  private static SortedMap<SourceName, Problem> losers(SortedMap<SourceName, Document> holders) {
    SortedMap<SourceName, Problem> losers = new TreeMap<>();
    holders.forEach(
        (source, document) -> {
          if (!source.equals(holders.firstKey())) {
            losers.put(source, hiddenBy(holders.firstEntry(), document));
          }
        });
    return Collections.unmodifiableSortedMap(losers);
  }

  private static Problem hiddenBy(Map.Entry<SourceName, Document> winner, Document loser) {
    return Problem.error(
        loser.origin().start(),
        "$",
        loser.key()
            + " is hidden by the one of source "
            + winner.getKey()
            + " ("
            + winner.getValue().origin().start()
            + "); keep one of the two");
  }
}
