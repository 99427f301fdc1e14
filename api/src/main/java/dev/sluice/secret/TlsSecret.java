package dev.sluice.secret;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A certificate with its key, certificates of authorities, or both: what Kubernetes keeps as a
 * {@code kubernetes.io/tls} secret. Whoever tells one has seen that Envoy can use it.
 *
 * @param id its name
 * @param keyPair the certificate and its key ({@code tls.crt} and {@code tls.key})
 * @param authorities PEM of the certificates that others' are judged by ({@code ca.crt})
 */
public record TlsSecret(SecretId id, Optional<KeyPair> keyPair, Optional<String> authorities) {
  public TlsSecret {
    Objects.requireNonNull(id);
    Objects.requireNonNull(keyPair);
    Objects.requireNonNull(authorities);
  }

  /** What it holds, and nothing of the contents. */
  @Override
  public String toString() {
    return "secret "
        + id
        + keyPair.map(pair -> " (certificate until " + pair.expires() + ")").orElse("")
        + authorities.map(_ -> " (authorities)").orElse("");
  }

  /**
   * A certificate and its key, known to fit together.
   *
   * @param chain PEM: the certificate first, then those between it and its root
   * @param key PEM of the certificate's private key, not encrypted
   * @param issued from when the first certificate of the chain holds
   * @param expires when the first certificate of the chain ends
   */
  public record KeyPair(String chain, String key, Instant issued, Instant expires) {
    public KeyPair {
      Objects.requireNonNull(chain);
      Objects.requireNonNull(key);
      Objects.requireNonNull(issued);
      Objects.requireNonNull(expires);
    }

    /** Nothing of the contents. */
    @Override
    public String toString() {
      return "key pair until " + expires;
    }
  }
}
