package dev.sluice.server.transport;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trust in clients as another manager has it, whose refusals are counted. It names no issuers:
 * those in a handshake would be the ones of the start for ever, and a client with a certificate of
 * a newer issuer would then send none.
 */
final class ClientTrust extends X509ExtendedTrustManager {
  private final X509ExtendedTrustManager trust;
  private final RefusalLog log;

  ClientTrust(X509ExtendedTrustManager trust, RefusalLog log) {
    this.trust = trust;
    this.log = log;
  }

  @FunctionalInterface
  private interface Check {
    void run() throws CertificateException;
  }

  private void counted(X509Certificate[] chain, Check check) throws CertificateException {
    try {
      check.run();
    } catch (CertificateException e) {
      String subject = chain.length == 0 ? "" : " of " + chain[0].getSubjectX500Principal();
      log.refused(
          Refusal.CERTIFICATE, "A connection", "the certificate" + subject + ": " + e.getMessage());
      throw e;
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    counted(chain, () -> trust.checkClientTrusted(chain, type, engine));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    counted(chain, () -> trust.checkClientTrusted(chain, type, socket));
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    counted(chain, () -> trust.checkClientTrusted(chain, type));
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    trust.checkServerTrusted(chain, type, socket);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    trust.checkServerTrusted(chain, type, engine);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    trust.checkServerTrusted(chain, type);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return new X509Certificate[0];
  }
}
