package dev.sluice.server.transport;

import dev.sluice.server.pem.Pem;
import dev.sluice.server.pem.PemException;
import dev.sluice.server.transport.TlsFiles.Part;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What the files of {@link TlsFiles} hold, known to fit together.
 *
 * @param chain the server's certificate and those between it and its root; not empty
 * @param key the first one's private key
 * @param clientCa roots of clients' certificates; empty where clients need none
 */
record TlsMaterial(List<X509Certificate> chain, PrivateKey key, List<X509Certificate> clientCa) {

  TlsMaterial {
    chain = List.copyOf(chain);
    clientCa = List.copyOf(clientCa);
  }

  /**
   * Reads the files.
   *
   * @throws TlsFilesException with all that is wrong with them at {@code now}
   */
  static TlsMaterial read(TlsFiles files, Instant now) throws TlsFilesException {
    List<TlsFiles.Wrong> wrong = new ArrayList<>();
    List<X509Certificate> chain = certificates(Part.CERT, files.cert(), wrong);
    if (!chain.isEmpty()) {
      whyNotNow(chain.getFirst(), now)
          .ifPresent(why -> wrong.add(new TlsFiles.Wrong(Part.CERT, files.cert() + ": " + why)));
    }
    Path roots = files.clientCa();
    List<X509Certificate> clientCa =
        roots == null ? List.of() : certificates(Part.CLIENT_CA, roots, wrong);
    if (!clientCa.isEmpty() && clientCa.stream().allMatch(it -> whyNotNow(it, now).isPresent())) {
      String why = whyNotNow(clientCa.getFirst(), now).orElseThrow();
      wrong.add(new TlsFiles.Wrong(Part.CLIENT_CA, roots + ": " + why));
    }
    List<PrivateKey> key = key(files.key(), wrong);
    if (!key.isEmpty() && !chain.isEmpty() && !Pem.fits(key.getFirst(), chain.getFirst())) {
      String why = "is not the private key of the first certificate in ";
      wrong.add(new TlsFiles.Wrong(Part.KEY, files.key() + " " + why + files.cert()));
    }
    if (!wrong.isEmpty()) {
      throw new TlsFilesException(wrong);
    }
    return new TlsMaterial(chain, key.getFirst(), clientCa);
  }

  /** When the first of the server's certificates ends. */
  Instant expires() {
    return chain.stream()
        .map(it -> it.getNotAfter().toInstant())
        .min(Comparator.naturalOrder())
        .orElseThrow();
  }

  private static List<X509Certificate> certificates(
      Part part, Path file, List<TlsFiles.Wrong> wrong) {
    try {
      return Pem.certificates(text(file));
    } catch (IOException | PemException e) {
      wrong.add(new TlsFiles.Wrong(part, cannotBeRead(file, e)));
      return List.of();
    }
  }

  /** The key, or nothing. */
  private static List<PrivateKey> key(Path file, List<TlsFiles.Wrong> wrong) {
    try {
      return List.of(Pem.key(text(file)));
    } catch (IOException | PemException e) {
      wrong.add(new TlsFiles.Wrong(Part.KEY, cannotBeRead(file, e)));
      return List.of();
    }
  }

  private static String text(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1);
  }

  private static String cannotBeRead(Path file, Exception why) {
    if (why instanceof NoSuchFileException) {
      return file + " is not there";
    }
    if (why instanceof IOException) {
      return file + " cannot be read: " + (Files.isDirectory(file) ? "it is a directory" : why);
    }
    return file + " cannot be used: " + why.getMessage();
  }

  private static Optional<String> whyNotNow(X509Certificate certificate, Instant now) {
    Instant from = certificate.getNotBefore().toInstant();
    Instant until = certificate.getNotAfter().toInstant();
    if (now.isBefore(from)) {
      return Optional.of("the certificate is not valid before " + from);
    }
    return now.isAfter(until)
        ? Optional.of("the certificate expired at " + until + "; renew it")
        : Optional.empty();
  }
}
