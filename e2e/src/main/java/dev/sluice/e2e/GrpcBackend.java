package dev.sluice.e2e;

import com.google.protobuf.Empty;
import com.google.protobuf.StringValue;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.atomic.AtomicInteger;

/** An instance of a gRPC service, over h2 without TLS, that answers with its version. */
public final class GrpcBackend implements AutoCloseable {
  /** {@code sluice.test.Versions/Get}: which version answers. */
  public static final MethodDescriptor<Empty, StringValue> GET =
      MethodDescriptor.<Empty, StringValue>newBuilder()
          .setType(MethodType.UNARY)
          .setFullMethodName("sluice.test.Versions/Get")
          .setRequestMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
          .setResponseMarshaller(ProtoUtils.marshaller(StringValue.getDefaultInstance()))
          .build();

  private final Server server;
  private final AtomicInteger calls = new AtomicInteger();
  private volatile Status status = Status.OK;

  private GrpcBackend(String version) throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(
                ServerServiceDefinition.builder("sluice.test.Versions")
                    .addMethod(
                        GET,
                        ServerCalls.asyncUnaryCall(
                            (request, answer) -> {
                              calls.incrementAndGet();
                              if (status.isOk()) {
                                answer.onNext(StringValue.of(version));
                                answer.onCompleted();
                              } else {
                                answer.onError(status.asRuntimeException());
                              }
                            }))
                    .build())
            .build()
            .start();
  }

  /** Starts an instance that answers OK. */
  public static GrpcBackend start(String version) {
    try {
      return new GrpcBackend(version);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return server.getPort();
  }

  /** How many calls have reached this instance. */
  public int calls() {
    return calls.get();
  }

  /** Answers everything with this status from now on. */
  public void answerWith(Status next) {
    status = next;
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
