package dev.sluice.source;

import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import java.util.Objects;

/** One fact or document of a source. */
public sealed interface SourceEntry {
  /** What an entry is known by within its source. */
  sealed interface Key {}

  /** The key of this entry. */
  Key key();

  /** The key of a service. */
  record ServiceKey(ServiceId id) implements Key {
    public ServiceKey {
      Objects.requireNonNull(id);
    }
  }

  /** The key of a document. */
  record OfDocumentKey(DocumentKey document) implements Key {
    public OfDocumentKey {
      Objects.requireNonNull(document);
    }
  }

  /** This source's word on a service: sources that know the same service are merged. */
  record OfService(Service service) implements SourceEntry {
    public OfService {
      Objects.requireNonNull(service);
    }

    @Override
    public ServiceKey key() {
      return new ServiceKey(service.id());
    }
  }

  /** A document that has been read and found valid. */
  record OfDocument(Document document) implements SourceEntry {
    public OfDocument {
      Objects.requireNonNull(document);
    }

    @Override
    public OfDocumentKey key() {
      return new OfDocumentKey(document.key());
    }
  }
}
