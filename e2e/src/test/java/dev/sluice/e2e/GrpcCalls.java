package dev.sluice.e2e;

import com.google.protobuf.Empty;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.StringValue;
import com.google.protobuf.Struct;
import com.google.protobuf.util.JsonFormat;
import io.grpc.CallOptions;
import io.grpc.Grpc;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.NameResolverRegistry;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import io.grpc.xds.XdsNameResolverProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Calls of {@link GrpcBackend#GET}, through an Envoy or by grpc-java's own xDS client. */
final class GrpcCalls implements AutoCloseable {
  private static final int THREADS = 8;

  private final ManagedChannel channel;

  private GrpcCalls(ManagedChannel channel) {
    this.channel = channel;
  }

  /** Calls through the proxy at this loopback port, h2 without TLS. */
  static GrpcCalls through(int port, String authority) {
    return new GrpcCalls(
        NettyChannelBuilder.forAddress("127.0.0.1", port)
            .overrideAuthority(authority)
            .usePlaintext()
            .build());
  }

  /**
   * Calls without a proxy: the client itself asks the control plane.
   *
   * @param bootstrap what {@code GRPC_XDS_BOOTSTRAP_CONFIG} would hold. The variable can be given
   *     but once per JVM, so it is handed over by a resolver of its own scheme
   * @param service the host, such as {@code orders.shop}
   */
  static GrpcCalls proxyless(String bootstrap, String service)
      throws InvalidProtocolBufferException {
    String scheme = "xds-" + Ports.free(); // Unique, as the registry keeps every scheme.
    Struct.Builder json = Struct.newBuilder();
    JsonFormat.parser().merge(bootstrap, json);
    NameResolverRegistry.getDefaultRegistry()
        .register(XdsNameResolverProvider.createForTest(scheme, Json.map(json.build())));
    return new GrpcCalls(
        Grpc.newChannelBuilder(scheme + ":///" + service, InsecureChannelCredentials.create())
            .build());
  }

  /** Makes this many calls, eight at a time, and waits for all. */
  TrafficReport call(int calls) {
    return call(calls, THREADS);
  }

  /** Makes this many calls, so many at a time, and waits for all. */
  TrafficReport call(int calls, int atATime) {
    List<Future<Answer>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(atATime)) {
      for (int i = 0; i < calls; i++) {
        answers.add(threads.submit(this::callOnce));
      }
    }
    return new TrafficReport(answers.stream().map(Future::resultNow).toList());
  }

  /** One call; the answer's status is 200 for OK, else 500 and gRPC's code. */
  private Answer callOnce() {
    long sent = System.nanoTime();
    try {
      String version =
          ClientCalls.blockingUnaryCall(
                  channel,
                  GrpcBackend.GET,
                  CallOptions.DEFAULT.withDeadlineAfter(10, TimeUnit.SECONDS),
                  Empty.getDefaultInstance())
              .getValue();
      return new Answer(
          sent, System.nanoTime(), 200, Map.of(TestBackend.VERSION_HEADER, version), "");
    } catch (StatusRuntimeException e) {
      int code = e.getStatus().getCode().value();
      return new Answer(sent, System.nanoTime(), 500 + code, Map.of(), e.getStatus().toString());
    }
  }

  /** Opens a stream of {@link GrpcBackend#TALK}. */
  Conversation converse() {
    return new Conversation(channel);
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  /** One stream that goes on until it is closed. */
  static final class Conversation implements AutoCloseable {
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final StreamObserver<Empty> questions;

    private Conversation(ManagedChannel channel) {
      questions =
          ClientCalls.asyncBidiStreamingCall(
              channel.newCall(GrpcBackend.TALK, CallOptions.DEFAULT),
              new StreamObserver<StringValue>() {
                @Override
                public void onNext(StringValue answer) {
                  heard.add(answer.getValue());
                }

                @Override
                public void onError(Throwable why) {
                  heard.add(why.toString());
                }

                @Override
                public void onCompleted() {
                  heard.add("the end");
                }
              });
    }

    /** Which version answers; or how the stream ended, or that nobody answers. */
    String ask() throws InterruptedException {
      questions.onNext(Empty.getDefaultInstance());
      String answer = heard.poll(10, TimeUnit.SECONDS);
      return answer == null ? "silence" : answer;
    }

    @Override
    public void close() {
      questions.onCompleted();
    }
  }
}
