package dev.sluice.spec;

import java.util.Comparator;
import java.util.Objects;

/**
 * What a document is known by, in every source.
 *
 * @param kind its kind
 * @param namespace its namespace
 * @param name unique among its kind within the namespace
 */
public record DocumentKey(Kind kind, String namespace, String name)
    implements Comparable<DocumentKey> {
  private static final Comparator<DocumentKey> ORDER =
      Comparator.comparing(DocumentKey::kind)
          .thenComparing(DocumentKey::namespace)
          .thenComparing(DocumentKey::name);

  public DocumentKey {
    Objects.requireNonNull(kind);
    Objects.requireNonNull(namespace);
    Objects.requireNonNull(name);
  }

  @Override
  public int compareTo(DocumentKey other) {
    return ORDER.compare(this, other);
  }

  /** {@code Kind namespace/name}. */
  @Override
  public String toString() {
    return kind + " " + namespace + "/" + name;
  }
}
