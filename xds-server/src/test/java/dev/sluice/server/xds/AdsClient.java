package dev.sluice.server.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** One raw stream to a server: what is sent is what the test says, what comes is queued. */
final class AdsClient<Q extends Message, R extends Message> {
  private final BlockingQueue<R> responses = new LinkedBlockingQueue<>();
  private final CompletableFuture<Status> end = new CompletableFuture<>();
  private final StreamObserver<R> fromServer =
      new StreamObserver<>() {
        @Override
        public void onNext(R response) {
          responses.add(response);
        }

        @Override
        public void onError(Throwable cause) {
          end.complete(Status.fromThrowable(cause));
        }

        @Override
        public void onCompleted() {
          end.complete(Status.OK);
        }
      };
  private final StreamObserver<Q> toServer;

  private AdsClient(Function<StreamObserver<R>, StreamObserver<Q>> open) {
    toServer = open.apply(fromServer);
  }

  static AdsClient<DiscoveryRequest, DiscoveryResponse> sotw(Channel channel) {
    return new AdsClient<>(
        AggregatedDiscoveryServiceGrpc.newStub(channel)::streamAggregatedResources);
  }

  static AdsClient<DeltaDiscoveryRequest, DeltaDiscoveryResponse> delta(Channel channel) {
    return new AdsClient<>(
        AggregatedDiscoveryServiceGrpc.newStub(channel)::deltaAggregatedResources);
  }

  /** A stream of any method with these messages, such as one of a service of one type. */
  static <Q extends Message, R extends Message> AdsClient<Q, R> of(
      Channel channel, MethodDescriptor<Q, R> method) {
    return new AdsClient<>(
        responses ->
            ClientCalls.asyncBidiStreamingCall(
                channel.newCall(method, CallOptions.DEFAULT), responses));
  }

  static Node node(String id) {
    Struct sluice =
        Struct.newBuilder()
            .putFields("role", Value.newBuilder().setStringValue("sidecar").build())
            .build();
    return Node.newBuilder()
        .setId(id)
        .setCluster("web.shop")
        .setUserAgentName("envoy")
        .setMetadata(
            Struct.newBuilder()
                .putFields("sluice", Value.newBuilder().setStructValue(sluice).build()))
        .build();
  }

  void send(Q request) {
    toServer.onNext(request);
  }

  void halfClose() {
    toServer.onCompleted();
  }

  void cancel() {
    toServer.onError(Status.CANCELLED.asRuntimeException());
  }

  R receive() throws InterruptedException {
    R response = responses.poll(10, TimeUnit.SECONDS);
    assertThat(response).as("a response within 10 s; the stream: " + end).isNotNull();
    return response;
  }

  int unread() {
    return responses.size();
  }

  CompletableFuture<Status> ended() {
    return end;
  }

  Status end() throws Exception {
    return end.get(10, TimeUnit.SECONDS);
  }
}
