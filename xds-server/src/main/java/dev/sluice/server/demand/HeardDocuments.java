package dev.sluice.server.demand;

import dev.sluice.catalog.SourceName;
import dev.sluice.source.Source;
import dev.sluice.source.SourceEntry;
import dev.sluice.source.SourceEntry.OfDocument;
import dev.sluice.source.SourceEntry.OfDocumentKey;
import dev.sluice.source.SourceSink;
import dev.sluice.source.SourceStatus;
import dev.sluice.source.SourceUpdate;
import dev.sluice.source.SourceUpdate.Remove;
import dev.sluice.source.SourceUpdate.Replace;
import dev.sluice.source.SourceUpdate.Synced;
import dev.sluice.source.SourceUpdate.Upsert;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Hears, on their way, the documents that sources tell: by them services are wanted. */
public final class HeardDocuments implements SourceSink {
  private final SourceSink next;
  private final Demand demand;
  private final Map<SourceName, Map<DocumentKey, Document>> documents = new HashMap<>();
  private final Set<SourceName> synced = new HashSet<>();

  private HeardDocuments(SourceSink next, Demand demand) {
    this.next = next;
    this.demand = demand;
  }

  /** Hears what these sources tell to {@code next}, and has all of them awaited. */
  public static SourceSink of(List<Source> sources, SourceSink next, Demand demand) {
    sources.forEach(source -> demand.await(source.name()));
    return new HeardDocuments(next, demand);
  }

  /** First the demand: who is told of a policy may ask at once for what it names. */
  @Override
  public void accept(SourceName source, List<SourceUpdate> updates) {
    hear(source, updates);
    next.accept(source, updates);
  }

  private synchronized void hear(SourceName source, List<SourceUpdate> updates) {
    Map<DocumentKey, Document> all = documents.computeIfAbsent(source, _ -> new HashMap<>());
    boolean changed = false;
    for (SourceUpdate update : updates) {
      changed |=
          switch (update) {
            case Replace(List<SourceEntry> entries) -> {
              all.clear();
              entries.forEach(one -> put(all, one));
              yield true;
            }
            case Upsert(SourceEntry entry) -> put(all, entry);
            case Remove(OfDocumentKey(DocumentKey key)) -> all.remove(key) != null;
            case Remove _ -> false;
            case Synced _ -> synced.add(source);
          };
    }
    if (changed && synced.contains(source)) {
      demand.documents(source, all.values(), System.nanoTime());
    }
  }

  private static boolean put(Map<DocumentKey, Document> all, SourceEntry entry) {
    return entry instanceof OfDocument(Document document)
        && !document.equals(all.put(document.key(), document));
  }

  @Override
  public void status(SourceStatus status) {
    next.status(status);
  }
}
