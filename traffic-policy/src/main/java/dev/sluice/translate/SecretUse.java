package dev.sluice.translate;

import dev.sluice.secret.SecretId;
import java.util.Comparator;
import java.util.Objects;

/**
 * A part of a secret that a proxy needs.
 *
 * @param id the secret
 * @param part of it
 */
public record SecretUse(SecretId id, Part part) implements Comparable<SecretUse> {
  private static final Comparator<SecretUse> ORDER =
      Comparator.comparing(SecretUse::id).thenComparing(SecretUse::part);

  /** What a secret holds. */
  public enum Part {
    /** A certificate and its key, to be shown. */
    KEY_PAIR,
    /** Certificates by which others' are judged. */
    AUTHORITIES
  }

  public SecretUse {
    Objects.requireNonNull(id);
    Objects.requireNonNull(part);
  }

  static SecretUse keyPair(SecretId id) {
    return new SecretUse(id, Part.KEY_PAIR);
  }

  static SecretUse authorities(SecretId id) {
    return new SecretUse(id, Part.AUTHORITIES);
  }

  /** What proxies ask for: {@code namespace/name}, or {@code namespace/name/ca}. */
  public String name() {
    return switch (part) {
      case KEY_PAIR -> id.toString();
      case AUTHORITIES -> id + "/ca";
    };
  }

  @Override
  public int compareTo(SecretUse other) {
    return ORDER.compare(this, other);
  }
}
