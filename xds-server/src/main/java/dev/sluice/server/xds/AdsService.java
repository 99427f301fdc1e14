package dev.sluice.server.xds;

import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.transport.Peer;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoServiceDescriptorSupplier;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/**
 * A discovery service, of all types or of one, whose responses are bytes prepared by the engine.
 */
final class AdsService {
  private static final String LOST = "its connection was lost, or it stopped";

  private final StreamContext context;
  private final Optional<ResourceType> only;

  /** The service of the type {@code only}, or of all where it is empty. */
  AdsService(StreamContext context, Optional<ResourceType> only) {
    this.context = context;
    this.only = only;
  }

  /**
   * The service with its streams.
   *
   * @param generated its name and schema
   * @param sotw the method of that variant, where the service has it
   * @param delta the method of that variant
   */
  ServerServiceDefinition bind(
      ServiceDescriptor generated,
      Optional<MethodDescriptor<DiscoveryRequest, DiscoveryResponse>> sotw,
      MethodDescriptor<DeltaDiscoveryRequest, DeltaDiscoveryResponse> delta) {
    List<MethodDescriptor<WireRequest, EncodedResponse>> worlds = new ArrayList<>();
    sotw.ifPresent(method -> worlds.add(prepared(method, Variant.STATE_OF_THE_WORLD)));
    MethodDescriptor<WireRequest, EncodedResponse> difference = prepared(delta, Variant.DELTA);
    ServiceDescriptor.Builder service =
        ServiceDescriptor.newBuilder(generated.getName())
            .setSchemaDescriptor(schema(generated))
            .addMethod(difference);
    worlds.forEach(service::addMethod);
    ServerServiceDefinition.Builder definition =
        ServerServiceDefinition.builder(service.build())
            .addMethod(difference, ServerCalls.asyncBidiStreamingCall(this::delta));
    worlds.forEach(
        method -> definition.addMethod(method, ServerCalls.asyncBidiStreamingCall(this::sotw)));
    return definition.build();
  }

  private @Nullable Object schema(ServiceDescriptor generated) {
    return only.isEmpty()
            && generated.getSchemaDescriptor() instanceof ProtoServiceDescriptorSupplier schema
        ? Schemas.withResources(schema)
        : generated.getSchemaDescriptor();
  }

  private MethodDescriptor<WireRequest, EncodedResponse> prepared(
      MethodDescriptor<?, ?> generated, Variant variant) {
    return generated.toBuilder(
            new RequestMarshaller(variant, context.shared().lists()), EncodedResponse.MARSHALLER)
        .build();
  }

  private StreamObserver<WireRequest> sotw(StreamObserver<EncodedResponse> client) {
    return open(Variant.STATE_OF_THE_WORLD, client, Request.Sotw::of);
  }

  private StreamObserver<WireRequest> delta(StreamObserver<EncodedResponse> client) {
    return open(Variant.DELTA, client, Request.Delta::of);
  }

  private static void requested(
      AdsStream stream, WireRequest request, BiFunction<ResourceType, WireRequest, Request> of) {
    if (stream.introduced(request.node(), request.typeUrl())) {
      stream.type(request.typeUrl()).ifPresent(type -> stream.request(of.apply(type, request)));
    }
  }

  private StreamObserver<WireRequest> open(
      Variant variant,
      StreamObserver<EncodedResponse> client,
      BiFunction<ResourceType, WireRequest, Request> of) {
    // gRPC documents that a server's response observer is of this class.
    var call = (ServerCallStreamObserver<EncodedResponse>) client;
    AdsStream stream = new AdsStream(variant, only, call, context, Peer.current());
    call.setOnReadyHandler(stream::drain);
    call.setOnCancelHandler(() -> stream.end(LOST));
    call.setOnCloseHandler(() -> stream.end(LOST)); // The transport may end it too.
    return new StreamObserver<>() {
      @Override
      public void onNext(WireRequest request) {
        requested(stream, request, of);
      }

      @Override
      public void onError(Throwable cause) {
        stream.end(LOST);
      }

      @Override
      public void onCompleted() {
        stream.halfClosed();
      }
    };
  }
}
