package dev.sluice.server.xds;

import static java.util.Objects.requireNonNull;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.rpc.Code;
import dev.sluice.server.snapshot.ResourceType;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A proxy on a real stream that answers by itself: it refuses a response as a whole when one of its
 * resources is wrong in its judge's eyes, and else holds what it brings.
 */
public final class JudgingProxy {
  private final Variant variant;
  private final String id;
  private final Map<ResourceType, List<String>> wants;

  /** What it says against a resource; empty when there is nothing to say. */
  private final Function<Any, String> judge;

  private final Map<String, Any> holds = new ConcurrentHashMap<>();
  private final AtomicInteger refusals = new AtomicInteger();
  private final List<String> received = java.util.Collections.synchronizedList(new ArrayList<>());
  private @Nullable StreamObserver<DiscoveryRequest> sotw;
  private @Nullable StreamObserver<DeltaDiscoveryRequest> delta;

  /** One that is not connected yet. */
  public JudgingProxy(
      Variant variant,
      String id,
      Map<ResourceType, List<String>> wants,
      Function<Any, String> judge) {
    this.variant = variant;
    this.id = id;
    this.wants = wants;
    this.judge = judge;
  }

  /** Opens its stream. */
  public JudgingProxy connect(Channel channel) {
    var stub = AggregatedDiscoveryServiceGrpc.newStub(channel);
    switch (variant) {
      case STATE_OF_THE_WORLD ->
          sotw = stub.streamAggregatedResources(new Observer<>(this::received));
      case DELTA -> delta = stub.deltaAggregatedResources(new Observer<>(this::received));
    }
    wants.forEach(
        (type, names) -> {
          switch (variant) {
            case STATE_OF_THE_WORLD ->
                requireNonNull(sotw)
                    .onNext(
                        DiscoveryRequest.newBuilder()
                            .setNode(AdsClient.node(id))
                            .setTypeUrl(type.typeUrl())
                            .addAllResourceNames(names)
                            .build());
            case DELTA ->
                requireNonNull(delta)
                    .onNext(
                        DeltaDiscoveryRequest.newBuilder()
                            .setNode(AdsClient.node(id))
                            .setTypeUrl(type.typeUrl())
                            .addAllResourceNamesSubscribe(names)
                            .build());
          }
        });
    return this;
  }

  /** The resource of that type and name as it uses it, or an empty one. */
  Any holds(ResourceType type, String name) {
    return holds.getOrDefault(type + "/" + name, Any.getDefaultInstance());
  }

  /** How many responses came. */
  int responses() {
    return received.size();
  }

  /** How many of them it refused. */
  int refusals() {
    return refusals.get();
  }

  private String verdict(List<Any> resources) {
    StringBuilder words = new StringBuilder();
    resources.forEach(resource -> words.append(judge.apply(resource)));
    if (!words.isEmpty()) {
      refusals.incrementAndGet();
    }
    return words.toString();
  }

  private void received(DiscoveryResponse response) {
    ResourceType type = ResourceType.ofTypeUrl(response.getTypeUrl()).orElseThrow();
    received.add(type + " " + response.getResourcesCount());
    String verdict = verdict(response.getResourcesList());
    DiscoveryRequest.Builder answer =
        DiscoveryRequest.newBuilder()
            .setTypeUrl(response.getTypeUrl())
            .addAllResourceNames(wants.getOrDefault(type, List.of()))
            .setResponseNonce(response.getNonce());
    if (verdict.isEmpty()) {
      if (type.scope() == ResourceType.Scope.FULL_STATE) {
        holds.keySet().removeIf(key -> key.startsWith(type + "/"));
      }
      response
          .getResourcesList()
          .forEach(resource -> holds.put(type + "/" + name(type, resource), resource));
      answer.setVersionInfo(response.getVersionInfo());
    } else {
      answer.getErrorDetailBuilder().setCode(Code.INTERNAL_VALUE).setMessage(verdict);
    }
    requireNonNull(sotw).onNext(answer.build());
  }

  private void received(DeltaDiscoveryResponse response) {
    ResourceType type = ResourceType.ofTypeUrl(response.getTypeUrl()).orElseThrow();
    received.add(type + " " + response.getResourcesCount());
    String verdict =
        verdict(response.getResourcesList().stream().map(one -> one.getResource()).toList());
    DeltaDiscoveryRequest.Builder answer =
        DeltaDiscoveryRequest.newBuilder()
            .setTypeUrl(response.getTypeUrl())
            .setResponseNonce(response.getNonce());
    if (verdict.isEmpty()) {
      response
          .getResourcesList()
          .forEach(one -> holds.put(type + "/" + one.getName(), one.getResource()));
      response.getRemovedResourcesList().forEach(name -> holds.remove(type + "/" + name));
    } else {
      answer.getErrorDetailBuilder().setCode(Code.INTERNAL_VALUE).setMessage(verdict);
    }
    requireNonNull(delta).onNext(answer.build());
  }

  private static String name(ResourceType type, Any resource) {
    try {
      Message message = type.prototype().getParserForType().parseFrom(resource.getValue());
      String field = type == ResourceType.ENDPOINT ? "cluster_name" : "name";
      return (String) message.getField(message.getDescriptorForType().findFieldByName(field));
    } catch (InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  private record Observer<R>(java.util.function.Consumer<R> on) implements StreamObserver<R> {
    @Override
    public void onNext(R response) {
      on.accept(response);
    }

    @Override
    public void onError(Throwable cause) {}

    @Override
    public void onCompleted() {}
  }
}
