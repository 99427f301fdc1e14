package dev.sluice.source;

import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.secret.SecretId;
import dev.sluice.secret.TlsSecret;
import dev.sluice.spec.Document;
import dev.sluice.spec.DocumentKey;
import java.util.Objects;

/** One fact, document or secret of a source. */
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

  /** The key of a secret. */
  record SecretKey(SecretId id) implements Key {
    public SecretKey {
      Objects.requireNonNull(id);
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

  /** A secret that has been read and found usable. */
  record OfSecret(TlsSecret secret) implements SourceEntry {
    public OfSecret {
      Objects.requireNonNull(secret);
    }

    @Override
    public SecretKey key() {
      return new SecretKey(secret.id());
    }
  }
}
