package dev.sluice.translate;

import dev.sluice.secret.TlsSecret;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CertificateValidationContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.Secret;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import java.util.Optional;

/** What proxies are sent of secrets ({@code Secret} of {@code transport_sockets.tls.v3}). */
public final class SecretResources {
  private SecretResources() {}

  /** The Secret that {@code use} asks for; empty when {@code secret} has no such part. */
  public static Optional<Secret> secret(SecretUse use, TlsSecret secret) {
    Secret.Builder named = Secret.newBuilder().setName(use.name());
    return switch (use.part()) {
      case KEY_PAIR ->
          secret.keyPair().map(pair -> named.setTlsCertificate(certificate(pair)).build());
      case AUTHORITIES ->
          secret
              .authorities()
              .map(
                  authorities ->
                      named
                          .setValidationContext(
                              CertificateValidationContext.newBuilder()
                                  .setTrustedCa(inline(authorities)))
                          .build());
    };
  }

  private static TlsCertificate certificate(TlsSecret.KeyPair pair) {
    return TlsCertificate.newBuilder()
        .setCertificateChain(inline(pair.chain()))
        .setPrivateKey(inline(pair.key()))
        .build();
  }

  private static DataSource inline(String text) {
    return DataSource.newBuilder().setInlineString(text).build();
  }
}
