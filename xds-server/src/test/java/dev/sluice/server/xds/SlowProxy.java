package dev.sluice.server.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Message;
import dev.sluice.server.snapshot.ResourceType;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A proxy whose stream takes a message from the network only when it is told to. */
final class SlowProxy {
  private final BlockingQueue<Received> responses = new LinkedBlockingQueue<>();
  private final CompletableFuture<Status> end = new CompletableFuture<>();
  private final ClientCall<? extends Message, ? extends Message> call;

  private SlowProxy(ClientCall<? extends Message, ? extends Message> call) {
    this.call = call;
  }

  /** The proxy "slow", which asks for all clusters and, where the stream has it, one assignment. */
  static SlowProxy connect(Wire wire, Channel channel) {
    return switch (wire) {
      case SOTW_AGGREGATED ->
          world(channel, AggregatedDiscoveryServiceGrpc.getStreamAggregatedResourcesMethod(), true);
      case SOTW_ONE_TYPE -> world(channel, OneTypeMethods.sotw(ResourceType.CLUSTER), false);
      case DELTA_AGGREGATED ->
          delta(channel, AggregatedDiscoveryServiceGrpc.getDeltaAggregatedResourcesMethod(), true);
      case DELTA_ONE_TYPE -> delta(channel, OneTypeMethods.delta(ResourceType.CLUSTER), false);
    };
  }

  private static SlowProxy world(
      Channel channel,
      MethodDescriptor<DiscoveryRequest, DiscoveryResponse> method,
      boolean aggregated) {
    var call = channel.newCall(method, CallOptions.DEFAULT);
    SlowProxy proxy = new SlowProxy(call);
    call.start(proxy.new Listener<DiscoveryResponse>(), new Metadata());
    DiscoveryRequest.Builder first = DiscoveryRequest.newBuilder().setNode(AdsClient.node("slow"));
    call.sendMessage(first.setTypeUrl(ResourceType.CLUSTER.typeUrl()).build());
    if (aggregated) {
      call.sendMessage(
          DiscoveryRequest.newBuilder()
              .setTypeUrl(ResourceType.ENDPOINT.typeUrl())
              .addResourceNames("a")
              .build());
    }
    return proxy;
  }

  private static SlowProxy delta(
      Channel channel,
      MethodDescriptor<DeltaDiscoveryRequest, DeltaDiscoveryResponse> method,
      boolean aggregated) {
    var call = channel.newCall(method, CallOptions.DEFAULT);
    SlowProxy proxy = new SlowProxy(call);
    call.start(proxy.new Listener<DeltaDiscoveryResponse>(), new Metadata());
    var first = DeltaDiscoveryRequest.newBuilder().setNode(AdsClient.node("slow"));
    call.sendMessage(first.setTypeUrl(ResourceType.CLUSTER.typeUrl()).build());
    if (aggregated) {
      call.sendMessage(
          DeltaDiscoveryRequest.newBuilder()
              .setTypeUrl(ResourceType.ENDPOINT.typeUrl())
              .addResourceNamesSubscribe("a")
              .build());
    }
    return proxy;
  }

  /** Takes one message, when it comes. */
  Received take() throws InterruptedException {
    call.request(1);
    Received response = responses.poll(10, TimeUnit.SECONDS);
    assertThat(response).as("a response within 10 s").isNotNull();
    return response;
  }

  /** Takes all that there is and tells how the stream ends. */
  Status readToItsEnd() throws Exception {
    call.request(List.of(ResourceType.values()).size());
    return end.get(10, TimeUnit.SECONDS);
  }

  private final class Listener<R extends Message> extends ClientCall.Listener<R> {
    @Override
    public void onMessage(R response) {
      responses.add(
          switch (response) {
            case DiscoveryResponse world -> Received.of(world);
            case DeltaDiscoveryResponse difference -> Received.of(difference);
            default -> throw new AssertionError();
          });
    }

    @Override
    public void onClose(Status status, Metadata trailers) {
      end.complete(status);
    }
  }
}
