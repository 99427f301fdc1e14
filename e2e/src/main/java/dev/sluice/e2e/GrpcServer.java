package dev.sluice.e2e;

import io.grpc.BindableService;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/** Starts gRPC servers on ports of loopback that the system gives. */
final class GrpcServer {
  private GrpcServer() {}

  /** A running server of one service, without TLS. */
  static Server start(BindableService service) {
    return start(InsecureServerCredentials.create(), List.of(service.bindService()));
  }

  /** A running server of these services. */
  static Server start(ServerCredentials credentials, List<ServerServiceDefinition> services) {
    try {
      return NettyServerBuilder.forAddress(
              new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), credentials)
          .addServices(services)
          .build()
          .start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
