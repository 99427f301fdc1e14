package dev.sluice.server.source;

import dev.sluice.catalog.ServiceId;
import dev.sluice.source.SourceEntry;
import dev.sluice.source.SourceEntry.OfDocumentKey;
import dev.sluice.source.SourceEntry.ServiceKey;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import java.util.List;

/** Which entries a document makes. */
public final class EntryKeys {

  private EntryKeys() {}

  /** The document itself, and for a StaticService the service that it describes. */
  public static List<SourceEntry.Key> of(DocumentKey key) {
    SourceEntry.Key document = new OfDocumentKey(key);
    return key.kind() == Kind.STATIC_SERVICE
        ? List.of(document, new ServiceKey(new ServiceId(key.name(), key.namespace())))
        : List.of(document);
  }
}
