package dev.sluice.secret;

import java.util.Comparator;
import java.util.Objects;

/**
 * A secret's name within its namespace; the same in every source.
 *
 * @param name name of the secret
 * @param namespace namespace of the secret, and of the documents that may name it
 */
public record SecretId(String name, String namespace) implements Comparable<SecretId> {
  private static final Comparator<SecretId> ORDER =
      Comparator.comparing(SecretId::namespace).thenComparing(SecretId::name);

  public SecretId {
    Objects.requireNonNull(name);
    Objects.requireNonNull(namespace);
  }

  @Override
  public int compareTo(SecretId other) {
    return ORDER.compare(this, other);
  }

  /** {@code namespace/name}. */
  @Override
  public String toString() {
    return namespace + "/" + name;
  }
}
