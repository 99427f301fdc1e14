package dev.sluice.bench.load;

import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.ClientAuth;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * Plaintext, or mutual TLS with the benchmark's certificates.
 *
 * @param certificates those certificates; none for plaintext
 */
record Transport(Optional<Certificates> certificates) {
  /** A server's builder on any free loopback port; the settings are the same for all servers. */
  NettyServerBuilder server() {
    NettyServerBuilder builder =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    return certificates.map(with -> builder.sslContext(serverContext(with))).orElse(builder);
  }

  private static SslContext serverContext(Certificates with) {
    try {
      return GrpcSslContexts.forServer(
              with.certificate("server").toFile(), with.key("server").toFile())
          .trustManager(with.authority().toFile())
          .clientAuth(ClientAuth.REQUIRE)
          .build();
    } catch (SSLException e) {
      throw new IllegalStateException("the benchmark's certificates are not accepted", e);
    }
  }

  /** What a proxy's connection starts with; none for plaintext. */
  Optional<SslContext> client() {
    return certificates.map(
        with -> {
          try {
            return GrpcSslContexts.forClient()
                .keyManager(with.certificate("proxy").toFile(), with.key("proxy").toFile())
                .trustManager(with.authority().toFile())
                .build();
          } catch (SSLException e) {
            throw new IllegalStateException("the benchmark's certificates are not accepted", e);
          }
        });
  }
}
