package dev.sluice.secret;

import java.util.Collection;
import java.util.Optional;
import java.util.SortedMap;
import org.pcollections.TreePMap;

/** The immutable set of all secrets, sorted by name; a changed set shares what is equal. */
public final class Secrets {
  /** No secrets. */
  public static final Secrets EMPTY = new Secrets(TreePMap.empty());

  private final TreePMap<SecretId, TlsSecret> secrets;

  private Secrets(TreePMap<SecretId, TlsSecret> secrets) {
    this.secrets = secrets;
  }

  /** The set of {@code secrets}; of two with the same name the later one counts. */
  public static Secrets of(Collection<TlsSecret> secrets) {
    Secrets all = EMPTY;
    for (TlsSecret secret : secrets) {
      all = all.with(secret);
    }
    return all;
  }

  /** This set with {@code secret} in place of the one with its name. */
  public Secrets with(TlsSecret secret) {
    return new Secrets(secrets.plus(secret.id(), secret));
  }

  /** This set without the secret {@code id}. */
  public Secrets without(SecretId id) {
    return new Secrets(secrets.minus(id));
  }

  /** The secret of that name, if there is one. */
  public Optional<TlsSecret> secret(SecretId id) {
    return Optional.ofNullable(secrets.get(id));
  }

  /** All secrets by name; not modifiable. */
  public SortedMap<SecretId, TlsSecret> all() {
    return secrets;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Secrets that && secrets.equals(that.secrets);
  }

  @Override
  public int hashCode() {
    return secrets.hashCode();
  }

  @Override
  public String toString() {
    return "Secrets" + secrets.keySet();
  }
}
