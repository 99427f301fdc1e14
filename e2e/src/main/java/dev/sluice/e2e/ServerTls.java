package dev.sluice.e2e;

import dev.sluice.server.pem.Pem;
import dev.sluice.server.pem.PemException;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** How an instance speaks TLS. */
public final class ServerTls {
  private static final char[] PASSWORD = "only-in-tests".toCharArray();

  private final SSLContext context;
  private final boolean needsClients;

  private ServerTls(SSLContext context, boolean needsClients) {
    this.context = context;
    this.needsClients = needsClients;
  }

  /**
   * An instance with a certificate and its key, in PEM files.
   *
   * @param clientAuthorities by whom clients' certificates are judged; null where none is wanted
   */
  public static ServerTls showing(Path cert, Path key, @Nullable Path clientAuthorities) {
    try {
      KeyStore own = PemTrust.empty();
      own.setKeyEntry(
          "own",
          Pem.key(Files.readString(key)),
          PASSWORD,
          Pem.certificates(Files.readString(cert)).toArray(X509Certificate[]::new));
      KeyManagerFactory keys =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      keys.init(own, PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          keys.getKeyManagers(),
          clientAuthorities == null ? null : PemTrust.in(clientAuthorities),
          null);
      return new ServerTls(context, clientAuthorities != null);
    } catch (IOException | GeneralSecurityException | PemException e) {
      throw new IllegalStateException("no TLS can be made of " + cert + " and " + key, e);
    }
  }

  /**
   * Shakes hands with who has connected.
   *
   * @throws IOException when the two do not agree
   */
  SSLSocket over(Socket plain) throws IOException {
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(plain, null, true);
    socket.setUseClientMode(false);
    socket.setNeedClientAuth(needsClients);
    socket.startHandshake();
    return socket;
  }
}
