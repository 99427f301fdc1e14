package dev.sluice.e2e;

import com.google.protobuf.Empty;
import com.google.protobuf.Int32Value;
import com.google.protobuf.StringValue;
import io.grpc.InsecureServerCredentials;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.TlsServerCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
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

  /** {@code grpc.health.v1.Health/Check}, whose messages these have the bytes of. */
  private static final MethodDescriptor<StringValue, Int32Value> CHECK =
      MethodDescriptor.<StringValue, Int32Value>newBuilder()
          .setType(MethodType.UNARY)
          .setFullMethodName("grpc.health.v1.Health/Check")
          .setRequestMarshaller(ProtoUtils.marshaller(StringValue.getDefaultInstance()))
          .setResponseMarshaller(ProtoUtils.marshaller(Int32Value.getDefaultInstance()))
          .build();

  private static final int SERVING = 1;
  private static final int NOT_SERVING = 2;

  /** {@code sluice.test.Versions/Talk}: the same, as often as it is asked. */
  public static final MethodDescriptor<Empty, StringValue> TALK =
      GET.toBuilder()
          .setType(MethodType.BIDI_STREAMING)
          .setFullMethodName("sluice.test.Versions/Talk")
          .build();

  private final String version;
  private final Server server;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger underWay = new AtomicInteger();
  private volatile boolean serving = true;
  private volatile Status status = Status.OK;
  private volatile CountDownLatch gate = new CountDownLatch(0);

  private GrpcBackend(String version, ServerCredentials credentials) throws IOException {
    this.version = version;
    server =
        NettyServerBuilder.forAddress(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), credentials)
            .addService(
                ServerServiceDefinition.builder("sluice.test.Versions")
                    .addMethod(
                        GET,
                        ServerCalls.asyncUnaryCall(
                            (request, answer) -> {
                              calls.incrementAndGet();
                              underWay.incrementAndGet();
                              pass();
                              underWay.decrementAndGet();
                              if (status.isOk()) {
                                answer.onNext(StringValue.of(version));
                                answer.onCompleted();
                              } else {
                                answer.onError(status.asRuntimeException());
                              }
                            }))
                    .addMethod(
                        TALK, ServerCalls.asyncBidiStreamingCall(answers -> talk(version, answers)))
                    .build())
            .addService(
                ServerServiceDefinition.builder("grpc.health.v1.Health")
                    .addMethod(
                        CHECK,
                        ServerCalls.asyncUnaryCall(
                            (service, answer) -> {
                              answer.onNext(Int32Value.of(serving ? SERVING : NOT_SERVING));
                              answer.onCompleted();
                            }))
                    .build())
            .build()
            .start();
  }

  private static StreamObserver<Empty> talk(String version, StreamObserver<StringValue> answers) {
    return new StreamObserver<>() {
      @Override
      public void onNext(Empty question) {
        answers.onNext(StringValue.of(version));
      }

      @Override
      public void onError(Throwable gone) {}

      @Override
      public void onCompleted() {
        answers.onCompleted();
      }
    };
  }

  /** Starts an instance that answers OK. */
  public static GrpcBackend start(String version) {
    try {
      return new GrpcBackend(version, InsecureServerCredentials.create());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts an instance that answers OK over TLS, with a certificate and its key in PEM files. */
  public static GrpcBackend start(String version, Path cert, Path key) {
    try {
      return new GrpcBackend(version, TlsServerCredentials.create(cert.toFile(), key.toFile()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public int port() {
    return server.getPort();
  }

  public String version() {
    return version;
  }

  /** How many calls have reached this instance. */
  public int calls() {
    return calls.get();
  }

  /** How many calls wait for their answer. */
  public int underWay() {
    return underWay.get();
  }

  /** Answers no call until {@link #release}. */
  public void hold() {
    gate = new CountDownLatch(1);
  }

  /** Answers all calls that wait, and those to come. */
  public void release() {
    gate.countDown();
  }

  /** What this instance says of its health from now on. */
  public void serve(boolean well) {
    serving = well;
  }

  private void pass() {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Answers everything with this status from now on. */
  public void answerWith(Status next) {
    status = next;
  }

  @Override
  public void close() {
    release();
    server.shutdownNow();
  }
}
