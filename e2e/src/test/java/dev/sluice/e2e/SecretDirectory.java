package dev.sluice.e2e;

import dev.sluice.e2e.CertificateAuthority.Issued;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.stream.Stream;

/** Secrets of one namespace, as a server reads them. */
final class SecretDirectory {
  private final Path root;
  private final String namespace;

  SecretDirectory(Path root, String namespace) {
    this.root = root;
    this.namespace = namespace;
  }

  Path root() {
    return root;
  }

  /** Writes a certificate and its key, over those that are there. */
  void put(String name, Issued issued) {
    copy(issued.cert(), name, "tls.crt");
    copy(issued.key(), name, "tls.key");
  }

  /** Writes a certificate, and leaves the key that is there. */
  void putCertificate(String name, Path cert) {
    copy(cert, name, "tls.crt");
  }

  /** Writes the certificates of authorities. */
  void putAuthorities(String name, Path authorities) {
    copy(authorities, name, "ca.crt");
  }

  /** Removes a secret. */
  void remove(String name) {
    Path folder = root.resolve(namespace).resolve(name);
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void copy(Path from, String name, String file) {
    try {
      Path folder = Files.createDirectories(root.resolve(namespace).resolve(name));
      Files.copy(from, folder.resolve(file), StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
