package dev.sluice.server.transport;

import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import io.grpc.util.AdvancedTlsX509TrustManager.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A server's certificates in use: those of the files, or where those cannot be used the last that
 * could. New handshakes take what is in use then; connections keep what they began with.
 *
 * <p>{@link #look} is called by one thread at a time.
 */
final class Certificates {
  private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);

  private final TlsFiles files;
  private final TransportMetrics metrics;
  private final InstantSource clock;
  private final AdvancedTlsX509KeyManager keys = new AdvancedTlsX509KeyManager();
  private final AdvancedTlsX509TrustManager trust;

  private TlsMaterial used;
  private String usedFiles;
  private String seenFiles;
  private @Nullable String told;

  /**
   * The files' certificates.
   *
   * @throws TlsFilesException where they cannot be used
   */
  Certificates(TlsFiles files, TransportMetrics metrics, InstantSource clock)
      throws TlsFilesException {
    this.files = files;
    this.metrics = metrics;
    this.clock = clock;
    try {
      trust =
          AdvancedTlsX509TrustManager.newBuilder()
              // Clients have no host name; what they are is said by their identity.
              .setVerification(Verification.CERTIFICATE_ONLY_VERIFICATION)
              .build();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has no PKIX", e);
    }
    usedFiles = fingerprint();
    seenFiles = usedFiles;
    used = TlsMaterial.read(files, clock.instant());
    use(used);
  }

  AdvancedTlsX509KeyManager keys() {
    return keys;
  }

  AdvancedTlsX509TrustManager trust() {
    return trust;
  }

  boolean isMutual() {
    return files.isMutual();
  }

  /** Takes the files up if they have changed. */
  void look() {
    String now = fingerprint();
    if (now.equals(usedFiles)) {
      if (told != null) {
        LOG.info("TLS: the files are again those in use");
        told = null;
        metrics.tlsLoaded(used.expires());
      }
      return;
    }
    try {
      TlsMaterial read = TlsMaterial.read(files, clock.instant());
      use(read);
      used = read;
      usedFiles = now;
      told = null;
      LOG.info(
          "TLS: {} and {} taken up, valid until {}", files.cert(), files.key(), read.expires());
    } catch (TlsFilesException e) {
      // Files are replaced one after the other: what is wrong has to last to be told.
      if (now.equals(seenFiles)) {
        tell(String.valueOf(e.getMessage()));
      }
    }
    seenFiles = now;
  }

  private void tell(String message) {
    if (!message.equals(told)) {
      told = message;
      metrics.tlsFailed();
      LOG.error(
          "TLS: the changed files cannot be used: {}. Those before stay in use, valid until {}",
          message,
          used.expires());
    }
  }

  private void use(TlsMaterial material) {
    keys.updateIdentityCredentials(
        material.chain().toArray(X509Certificate[]::new), material.key());
    if (isMutual()) {
      try {
        trust.updateTrustCredentials(material.clientCa().toArray(X509Certificate[]::new));
      } catch (IOException | GeneralSecurityException e) {
        throw new IllegalStateException("certificates that were read cannot be stored", e);
      }
    }
    metrics.tlsLoaded(material.expires());
  }

  /** Says whether a file has changed, whichever way it was replaced. */
  private String fingerprint() {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      Stream.of(files.cert(), files.key(), files.clientCa())
          .forEach(file -> digest.update(contents(file)));
      return HexFormat.of().formatHex(digest.digest());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("the JDK has no SHA-256", e);
    }
  }

  private static byte[] contents(@Nullable Path file) {
    try {
      return file == null ? new byte[0] : Files.readAllBytes(file);
    } catch (IOException e) {
      return new byte[0]; // Reading it will say why.
    }
  }
}
