package dev.sluice.bench.load;

import com.google.protobuf.Any;
import com.google.protobuf.Message;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.Resource;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What gRPC Java costs when there is no control plane at all: each type's first request is answered
 * with a prepared buffer, and a change is one buffer, sent to every stream in a loop. It keeps no
 * versions, takes no notice of acknowledgements, and would flood a slow proxy.
 */
final class Floor implements ServerUnderTest {
  private static final String NONCE = "1";

  private final Contents contents;
  private final Variant variant;
  private final Server server;
  private final Set<StreamObserver<byte[]>> streams = ConcurrentHashMap.newKeySet();
  private byte[] clusters = {};
  private volatile byte[] assignments = {};

  Floor(Contents contents, Variant variant, Transport transport) {
    this.contents = contents;
    this.variant = variant;
    MethodDescriptor<byte[], byte[]> method =
        MethodDescriptor.<byte[], byte[]>newBuilder(
                PreparedBytes.MARSHALLER, PreparedBytes.MARSHALLER)
            .setType(MethodDescriptor.MethodType.BIDI_STREAMING)
            .setFullMethodName(variant.path().substring(1))
            .build();
    server =
        transport
            .server()
            .directExecutor()
            .addService(
                ServerServiceDefinition.builder(Variant.SERVICE)
                    .addMethod(method, ServerCalls.asyncBidiStreamingCall(this::open))
                    .build())
            .build();
  }

  @Override
  public int start(int last) throws IOException {
    clusters = response(Contents.CDS, contents.allClusters());
    assignments = response(Contents.EDS, contents.allAssignments(last));
    return server.start().getPort();
  }

  /** The prepared answers keep the endpoints of the start: the floor has no state to update. */
  @Override
  public long publish(int change) {
    byte[] push = response(Contents.EDS, List.of(contents.changed(change)));
    long start = System.nanoTime();
    streams.forEach(stream -> stream.onNext(push));
    return System.nanoTime() - start;
  }

  private StreamObserver<byte[]> open(StreamObserver<byte[]> client) {
    return new StreamObserver<>() {
      private boolean isSubscribed;
      private boolean isConnected;

      @Override
      public void onNext(byte[] request) {
        boolean isEndpoints = XdsMessages.isEndpointRequest(variant, request);
        if (!isEndpoints && !isConnected) {
          isConnected = true;
          client.onNext(clusters);
        } else if (isEndpoints && !isSubscribed) {
          isSubscribed = true;
          client.onNext(assignments);
          streams.add(client);
        }
      }

      @Override
      public void onError(Throwable cause) {
        streams.remove(client);
      }

      @Override
      public void onCompleted() {
        streams.remove(client);
        client.onCompleted();
      }
    };
  }

  private byte[] response(String typeUrl, List<? extends Message> messages) {
    List<Any> packed = new ArrayList<>();
    messages.forEach(message -> packed.add(Any.pack(message)));
    if (variant == Variant.SOTW) {
      return DiscoveryResponse.newBuilder()
          .setVersionInfo("1")
          .setTypeUrl(typeUrl)
          .setNonce(NONCE)
          .addAllResources(packed)
          .build()
          .toByteArray();
    }
    DeltaDiscoveryResponse.Builder response =
        DeltaDiscoveryResponse.newBuilder()
            .setSystemVersionInfo("1")
            .setTypeUrl(typeUrl)
            .setNonce(NONCE);
    for (int i = 0; i < packed.size(); i++) {
      response.addResources(
          Resource.newBuilder()
              .setName(name(messages.get(i)))
              .setVersion("0123456789abcdef")
              .setResource(packed.get(i)));
    }
    return response.build().toByteArray();
  }

  private static String name(Message message) {
    return message instanceof ClusterLoadAssignment assignment
        ? assignment.getClusterName()
        : ((io.envoyproxy.envoy.config.cluster.v3.Cluster) message).getName();
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
