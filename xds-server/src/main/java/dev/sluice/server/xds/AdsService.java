package dev.sluice.server.xds;

import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.function.BiConsumer;

/** {@code AggregatedDiscoveryService}, whose responses are bytes prepared by the engine. */
final class AdsService {
  private final StreamContext context;

  AdsService(StreamContext context) {
    this.context = context;
  }

  ServerServiceDefinition bind() {
    ServiceDescriptor generated = AggregatedDiscoveryServiceGrpc.getServiceDescriptor();
    MethodDescriptor<DiscoveryRequest, EncodedResponse> sotw =
        prepared(AggregatedDiscoveryServiceGrpc.getStreamAggregatedResourcesMethod());
    MethodDescriptor<DeltaDiscoveryRequest, EncodedResponse> delta =
        prepared(AggregatedDiscoveryServiceGrpc.getDeltaAggregatedResourcesMethod());
    ServiceDescriptor service =
        ServiceDescriptor.newBuilder(generated.getName())
            .setSchemaDescriptor(generated.getSchemaDescriptor())
            .addMethod(sotw)
            .addMethod(delta)
            .build();
    return ServerServiceDefinition.builder(service)
        .addMethod(sotw, ServerCalls.asyncBidiStreamingCall(this::sotw))
        .addMethod(delta, ServerCalls.asyncBidiStreamingCall(this::delta))
        .build();
  }

  private static <Q> MethodDescriptor<Q, EncodedResponse> prepared(
      MethodDescriptor<Q, ?> generated) {
    return generated.toBuilder(generated.getRequestMarshaller(), EncodedResponse.MARSHALLER)
        .build();
  }

  private StreamObserver<DiscoveryRequest> sotw(StreamObserver<EncodedResponse> client) {
    return open(
        Variant.STATE_OF_THE_WORLD,
        client,
        (stream, request) -> {
          if (stream.introduced(request.hasNode(), request.getNode(), request.getTypeUrl())) {
            stream
                .type(request.getTypeUrl())
                .ifPresent(type -> stream.request(Request.Sotw.of(type, request)));
          }
        });
  }

  private StreamObserver<DeltaDiscoveryRequest> delta(StreamObserver<EncodedResponse> client) {
    return open(
        Variant.DELTA,
        client,
        (stream, request) -> {
          if (stream.introduced(request.hasNode(), request.getNode(), request.getTypeUrl())) {
            stream
                .type(request.getTypeUrl())
                .ifPresent(type -> stream.request(Request.Delta.of(type, request)));
          }
        });
  }

  private <Q> StreamObserver<Q> open(
      Variant variant, StreamObserver<EncodedResponse> client, BiConsumer<AdsStream, Q> onRequest) {
    // gRPC documents that a server's response observer is of this class.
    var call = (ServerCallStreamObserver<EncodedResponse>) client;
    AdsStream stream = new AdsStream(variant, call, context);
    call.setOnReadyHandler(stream::drain);
    call.setOnCancelHandler(stream::end);
    return new StreamObserver<>() {
      @Override
      public void onNext(Q request) {
        onRequest.accept(stream, request);
      }

      @Override
      public void onError(Throwable cause) {
        stream.end();
      }

      @Override
      public void onCompleted() {
        stream.halfClosed();
      }
    };
  }
}
