package dev.sluice.server.transport;

import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The PEM files that a port's TLS is made of.
 *
 * @param cert the server's certificate first, then those between it and its root
 * @param key the certificate's private key, RSA or EC, not encrypted
 * @param clientCa roots of the clients' certificates, which every client then needs; null where
 *     clients need none
 */
public record TlsFiles(Path cert, Path key, @Nullable Path clientCa) {
  /** One of the files. */
  public enum Part {
    CERT("cert"),
    KEY("key"),
    CLIENT_CA("clientCa");

    private final String word;

    Part(String word) {
      this.word = word;
    }

    /** Its key in the configuration. */
    @Override
    public String toString() {
      return word;
    }
  }

  /**
   * Why one of the files cannot be used.
   *
   * @param part which of them
   * @param message with the file's name, and what to do
   */
  public record Wrong(Part part, String message) {}

  public TlsFiles {
    Objects.requireNonNull(cert);
    Objects.requireNonNull(key);
  }

  /** Whether clients need a certificate too. */
  public boolean isMutual() {
    return clientCa != null;
  }

  /** All that is wrong with the files as they are now. */
  public List<Wrong> wrong(InstantSource clock) {
    try {
      var _ = TlsMaterial.read(this, clock.instant());
      return List.of();
    } catch (TlsFilesException e) {
      return e.wrong();
    }
  }
}
