package dev.sluice.server.transport;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.OpenSsl;
import io.grpc.netty.shaded.io.netty.handler.ssl.OpenSslSessionContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import javax.net.ssl.SSLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a port's TLS of certificates: by OpenSSL where the platform has it, else by the JDK. */
final class ServerTls {
  private static final Logger LOG = LoggerFactory.getLogger(ServerTls.class);

  private ServerTls() {}

  static SslContext of(Certificates certificates, RefusalLog log) {
    SslContextBuilder builder =
        GrpcSslContexts.configure(SslContextBuilder.forServer(certificates.keys()))
            .protocols("TLSv1.3", "TLSv1.2")
            .sessionTimeout(1);
    if (certificates.isMutual()) {
      builder
          .clientAuth(ClientAuth.REQUIRE)
          .trustManager(new ClientTrust(certificates.trust(), log));
    }
    try {
      SslContext context = builder.build();
      // A resumed session would not be asked for a certificate again, after a root was withdrawn.
      if (context.sessionContext() instanceof OpenSslSessionContext sessions) {
        sessions.setSessionCacheEnabled(false);
      }
      LOG.info(
          "TLS by {}, clients {}",
          OpenSsl.isAvailable() ? OpenSsl.versionString() : "the JDK",
          certificates.isMutual() ? "need a certificate" : "need none");
      return context;
    } catch (SSLException e) {
      throw new IllegalStateException("TLS cannot be made of certificates that were read", e);
    }
  }
}
