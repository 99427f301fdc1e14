package dev.sluice.bench.load;

import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Simulated sidecars that are given Clusters, endpoints and routes over delta streams, and accept
 * all of it at once.
 */
final class RoutedProxies implements AutoCloseable {
  private static final int STREAMS_OF_A_CHANNEL = 50;
  private static final String TYPES = "type.googleapis.com/envoy.config.";
  private static final String CDS = TYPES + "cluster.v3.Cluster";
  private static final String EDS = TYPES + "endpoint.v3.ClusterLoadAssignment";
  private static final String LDS = TYPES + "listener.v3.Listener";
  private static final String RDS = TYPES + "route.v3.RouteConfiguration";

  private final List<ManagedChannel> channels = new ArrayList<>();
  private final AtomicInteger lost = new AtomicInteger();

  RoutedProxies(int count, int port) {
    for (int i = 0; i < count; i++) {
      if (i % STREAMS_OF_A_CHANNEL == 0) {
        channels.add(
            NettyChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .maxInboundMessageSize(1 << 26)
                .build());
      }
      new Stream(channels.getLast()).begin(i);
    }
  }

  /** How many streams have ended. */
  int lost() {
    return lost.get();
  }

  private final class Stream implements StreamObserver<DeltaDiscoveryResponse> {
    private final StreamObserver<DeltaDiscoveryRequest> requests;

    Stream(ManagedChannel channel) {
      requests = AggregatedDiscoveryServiceGrpc.newStub(channel).deltaAggregatedResources(this);
    }

    void begin(int proxy) {
      requests.onNext(
          DeltaDiscoveryRequest.newBuilder()
              .setNode(XdsMessages.node(proxy))
              .setTypeUrl(CDS)
              .build());
      requests.onNext(DeltaDiscoveryRequest.newBuilder().setTypeUrl(LDS).build());
      requests.onNext(
          DeltaDiscoveryRequest.newBuilder()
              .setTypeUrl(RDS)
              .addResourceNamesSubscribe("outbound")
              .build());
    }

    @Override
    public void onNext(DeltaDiscoveryResponse response) {
      requests.onNext(
          DeltaDiscoveryRequest.newBuilder()
              .setTypeUrl(response.getTypeUrl())
              .setResponseNonce(response.getNonce())
              .build());
      if (response.getTypeUrl().equals(CDS)) {
        DeltaDiscoveryRequest.Builder endpoints =
            DeltaDiscoveryRequest.newBuilder().setTypeUrl(EDS);
        response
            .getResourcesList()
            .forEach(one -> endpoints.addResourceNamesSubscribe(one.getName()));
        requests.onNext(endpoints.build());
      }
    }

    @Override
    public void onError(Throwable problem) {
      lost.incrementAndGet();
    }

    @Override
    public void onCompleted() {
      lost.incrementAndGet();
    }
  }

  @Override
  public void close() {
    channels.forEach(ManagedChannel::shutdownNow);
  }
}
