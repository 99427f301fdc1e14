package dev.sluice.e2e;

import dev.sluice.server.pem.PemException;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * How a client speaks TLS: as browsers do, it wants a certificate of the name that it asks for.
 *
 * @param context whom it trusts
 * @param serverName the name that it asks for
 * @param protocols what it speaks, such as {@code TLSv1.3}
 * @param alpn what it offers to speak over it; empty for nothing
 */
public record ClientTls(
    SSLContext context, String serverName, List<String> protocols, List<String> alpn) {
  public ClientTls {
    protocols = List.copyOf(protocols);
    alpn = List.copyOf(alpn);
  }

  /** A client that trusts the certificates in a PEM file, of TLS 1.2 and 1.3. */
  public static ClientTls trusting(Path authorities, String serverName) {
    return new ClientTls(
        context(authorities), serverName, List.of("TLSv1.2", "TLSv1.3"), List.of());
  }

  /** The same that asks for another name. */
  public ClientTls asking(String otherName) {
    return new ClientTls(context, otherName, protocols, alpn);
  }

  /** The same that speaks nothing else. */
  public ClientTls speaking(String protocol) {
    return new ClientTls(context, serverName, List.of(protocol), alpn);
  }

  /** The same that offers these, the best first. */
  public ClientTls offering(String... applications) {
    return new ClientTls(context, serverName, protocols, List.of(applications));
  }

  /**
   * Shakes hands over a connection.
   *
   * @throws IOException when the other side refuses, or cannot be trusted
   */
  public SSLSocket over(Socket plain) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(plain, serverName, plain.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    parameters.setProtocols(protocols.toArray(String[]::new));
    parameters.setApplicationProtocols(alpn.toArray(String[]::new));
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private static SSLContext context(Path authorities) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, PemTrust.in(authorities), null);
      return context;
    } catch (IOException | GeneralSecurityException | PemException e) {
      throw new IllegalStateException("no trust can be made of " + authorities, e);
    }
  }
}
