package dev.sluice.e2e;

import dev.sluice.server.pem.Pem;
import dev.sluice.server.pem.PemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** Trust in the certificates of PEM files, for both sides of TLS. */
final class PemTrust {
  private PemTrust() {}

  /** Trusts the certificates in a file, and no other. */
  static TrustManager[] in(Path authorities)
      throws IOException, GeneralSecurityException, PemException {
    KeyStore store = empty();
    for (X509Certificate certificate : Pem.certificates(Files.readString(authorities))) {
      store.setCertificateEntry("authority" + store.size(), certificate);
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    return trust.getTrustManagers();
  }

  static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }
}
