package dev.sluice.e2e;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.util.JsonFormat;
import dev.sluice.server.bootstrap.EnvoyBootstrap.Variant;
import dev.sluice.server.snapshot.ResourceType;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.AggregatedDiscoveryServiceGrpc;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A client that does on its connection what an Envoy does, and no more: it asks for clusters and
 * listeners, then for what they name, accepts everything, and comes back when its stream ends.
 */
final class RawProxy implements AutoCloseable {
  /** What it asks for. */
  static final List<ResourceType> TYPES =
      List.of(
          ResourceType.CLUSTER, ResourceType.ENDPOINT, ResourceType.LISTENER, ResourceType.ROUTE);

  private final Variant variant;
  private final Node node;
  private final ManagedChannel channel;
  private final Map<ResourceType, TypeState> types = new EnumMap<>(ResourceType.class);
  private @Nullable StreamObserver<DeltaDiscoveryRequest> delta;
  private @Nullable StreamObserver<DiscoveryRequest> world;
  private boolean introduced;
  private boolean closed;

  /** What it knows of one type. */
  private static final class TypeState {
    final List<ByteString> responses = new ArrayList<>();
    final Set<String> wanted = new TreeSet<>();
    final Map<String, Any> held = new TreeMap<>();
    final Map<String, String> versions = new TreeMap<>();
    String version = "";
    String nonce = "";
  }

  private RawProxy(Variant variant, Node node, ManagedChannel channel) {
    this.variant = variant;
    this.node = node;
    this.channel = channel;
    TYPES.forEach(type -> types.put(type, new TypeState()));
  }

  /**
   * Connects over a connection of its own.
   *
   * @param bootstrap a gRPC client's, of which the node is taken
   */
  static RawProxy connect(Variant variant, String bootstrap, int port) {
    Node.Builder node = Node.newBuilder().setUserAgentName("envoy");
    try {
      String json = new ObjectMapper().readTree(bootstrap).path("node").toString();
      JsonFormat.parser().merge(json, node);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    RawProxy proxy =
        new RawProxy(
            variant,
            node.build(),
            NettyChannelBuilder.forAddress("127.0.0.1", port)
                .usePlaintext()
                .directExecutor()
                .build());
    proxy.open();
    return proxy;
  }

  String id() {
    return node.getId();
  }

  /** Every response of a type as it came, but for its nonce. */
  synchronized List<ByteString> responses(ResourceType type) {
    return List.copyOf(state(type).responses);
  }

  /** What it holds of a type, by name. */
  synchronized Map<String, Any> holds(ResourceType type) {
    return Map.copyOf(state(type).held);
  }

  private TypeState state(ResourceType type) {
    return Optional.ofNullable(types.get(type)).orElseThrow();
  }

  private synchronized void open() {
    if (closed) {
      return;
    }
    introduced = false;
    var stub = AggregatedDiscoveryServiceGrpc.newStub(channel).withWaitForReady();
    switch (variant) {
      case DELTA -> delta = stub.deltaAggregatedResources(new Responses<>(this::received));
      case STATE_OF_THE_WORLD ->
          world = stub.streamAggregatedResources(new Responses<>(this::received));
    }
    for (ResourceType type : TYPES) {
      TypeState state = state(type);
      state.nonce = "";
      if (isWildcard(type) || !state.wanted.isEmpty()) {
        ask(type, isWildcard(type) ? Set.of("*") : state.wanted, Set.of(), state.versions);
      }
    }
  }

  private static boolean isWildcard(ResourceType type) {
    return type.scope() == ResourceType.Scope.FULL_STATE;
  }

  /** Subscribes, or with a nonce that is kept and no names accepts. */
  private void ask(
      ResourceType type, Set<String> more, Set<String> less, Map<String, String> versions) {
    TypeState state = state(type);
    boolean accepts = more.isEmpty() && less.isEmpty();
    if (delta != null) {
      DeltaDiscoveryRequest.Builder request =
          DeltaDiscoveryRequest.newBuilder()
              .setTypeUrl(type.typeUrl())
              .setResponseNonce(accepts ? state.nonce : "")
              .addAllResourceNamesSubscribe(more)
              .addAllResourceNamesUnsubscribe(less)
              .putAllInitialResourceVersions(versions);
      delta.onNext((introduced ? request : request.setNode(node)).build());
    } else if (world != null) {
      DiscoveryRequest.Builder request =
          DiscoveryRequest.newBuilder()
              .setTypeUrl(type.typeUrl())
              .setResponseNonce(state.nonce)
              .setVersionInfo(state.version)
              .addAllResourceNames(state.wanted);
      world.onNext((introduced ? request : request.setNode(node)).build());
    }
    introduced = true;
  }

  private synchronized void received(DeltaDiscoveryResponse response) {
    ResourceType type = ResourceType.ofTypeUrl(response.getTypeUrl()).orElseThrow();
    TypeState state = state(type);
    response
        .getResourcesList()
        .forEach(
            one -> {
              state.held.put(one.getName(), one.getResource());
              state.versions.put(one.getName(), one.getVersion());
            });
    state.held.keySet().removeAll(response.getRemovedResourcesList());
    state.versions.keySet().removeAll(response.getRemovedResourcesList());
    accept(type, response.getNonce(), response.toBuilder().clearNonce().build().toByteString());
  }

  private synchronized void received(DiscoveryResponse response) {
    ResourceType type = ResourceType.ofTypeUrl(response.getTypeUrl()).orElseThrow();
    TypeState state = state(type);
    if (isWildcard(type)) {
      state.held.clear();
    }
    response.getResourcesList().forEach(one -> state.held.put(References.name(type, one), one));
    state.version = response.getVersionInfo();
    accept(type, response.getNonce(), response.toBuilder().clearNonce().build().toByteString());
  }

  private void accept(ResourceType type, String nonce, ByteString response) {
    TypeState state = state(type);
    state.nonce = nonce;
    state.responses.add(response);
    ask(type, Set.of(), Set.of(), Map.of());
    switch (type) {
      case CLUSTER -> want(ResourceType.ENDPOINT, References.assignments(state.held.values()));
      case LISTENER -> want(ResourceType.ROUTE, References.routes(state.held.values()));
      default -> {} // They name nothing that is asked for.
    }
  }

  private void want(ResourceType type, Set<String> names) {
    TypeState state = state(type);
    Set<String> more = new TreeSet<>(names);
    more.removeAll(state.wanted);
    Set<String> less = new TreeSet<>(state.wanted);
    less.removeAll(names);
    if (more.isEmpty() && less.isEmpty()) {
      return;
    }
    state.wanted.addAll(more);
    state.wanted.removeAll(less);
    state.held.keySet().removeAll(less);
    state.versions.keySet().removeAll(less);
    ask(type, more, less, Map.of());
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
    }
    channel.shutdownNow();
  }

  private final class Responses<R> implements StreamObserver<R> {
    private final Consumer<R> received;

    Responses(Consumer<R> received) {
      this.received = received;
    }

    @Override
    public void onNext(R response) {
      received.accept(response);
    }

    @Override
    public void onError(Throwable cause) {
      open();
    }

    @Override
    public void onCompleted() {
      open();
    }
  }
}
