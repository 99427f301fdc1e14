package dev.sluice.server.consul;

import dev.sluice.server.consul.ConsulAccess.Tls;
import dev.sluice.server.pem.Pem;
import dev.sluice.server.pem.PemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Makes what the JDK needs for TLS of files in PEM. */
final class TlsFiles {
  private static final char[] NO_PASSWORD = {};

  private TlsFiles() {}

  /**
   * The context.
   *
   * @throws IOException when a file cannot be used; the message says which and why
   */
  static SSLContext context(Tls tls) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keys(tls), trust(tls.ca()), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException("the certificates for Consul cannot be used: " + e.getMessage(), e);
    }
  }

  /** When each of the files was changed last; nothing for one that is not there now. */
  static List<FileTime> stamps(Tls tls) {
    List<FileTime> stamps = new ArrayList<>();
    Stream.of(tls.ca(), tls.cert(), tls.key())
        .filter(Objects::nonNull)
        .forEach(
            file -> {
              try {
                stamps.add(Files.getLastModifiedTime(file));
              } catch (IOException e) {
                stamps.add(FileTime.fromMillis(0));
              }
            });
    return stamps;
  }

  private static KeyManager @Nullable [] keys(Tls tls)
      throws IOException, GeneralSecurityException {
    Path cert = tls.cert();
    Path key = tls.key();
    if (cert == null || key == null) {
      return null;
    }
    KeyStore store = empty();
    X509Certificate[] chain = certificates(cert).toArray(X509Certificate[]::new);
    try {
      store.setKeyEntry("sluice", Pem.key(Files.readString(key)), NO_PASSWORD, chain);
    } catch (PemException e) {
      throw new IOException(key + ": " + e.getMessage(), e);
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static TrustManager @Nullable [] trust(@Nullable Path ca)
      throws IOException, GeneralSecurityException {
    if (ca == null) {
      return null;
    }
    KeyStore store = empty();
    List<X509Certificate> certificates = certificates(ca);
    for (int i = 0; i < certificates.size(); i++) {
      store.setCertificateEntry("ca-" + i, certificates.get(i));
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static List<X509Certificate> certificates(Path file) throws IOException {
    try {
      return Pem.certificates(Files.readString(file));
    } catch (PemException e) {
      throw new IOException(file + ": " + e.getMessage(), e);
    }
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, NO_PASSWORD);
    return store;
  }
}
