package dev.sluice.server.xds;

import com.google.protobuf.Message;
import dev.sluice.server.snapshot.ResourceType;
import io.envoyproxy.envoy.config.core.v3.Node;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DeltaDiscoveryResponse;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryRequest;
import io.envoyproxy.envoy.service.discovery.v3.DiscoveryResponse;
import io.grpc.Channel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A proxy on real streams, one for all types or one for each, that does nothing by itself. What it
 * says is the same on every wire; how it is written follows the variant.
 */
final class WireProxy {
  private final Wire wire;
  private final String id;
  private final Channel channel;
  private final EnumMap<ResourceType, Link<?, ?>> links = new EnumMap<>(ResourceType.class);
  private final EnumMap<ResourceType, List<String>> wanted = new EnumMap<>(ResourceType.class);
  private final EnumMap<ResourceType, Received> last = new EnumMap<>(ResourceType.class);
  private final EnumMap<ResourceType, String> accepted = new EnumMap<>(ResourceType.class);

  /** One stream, and whether it has had its first request, which alone has the node. */
  private static final class Link<Q extends Message, R extends Message> {
    final AdsClient<Q, R> client;
    boolean introduced;

    Link(AdsClient<Q, R> client) {
      this.client = client;
    }
  }

  WireProxy(Wire wire, String id, Channel channel) {
    this.wire = wire;
    this.id = id;
    this.channel = channel;
  }

  /** Asks for {@code names} beside what it asked for before; a first request may name nothing. */
  void ask(ResourceType type, String... names) {
    wanted(type).addAll(List.of(names));
    say(type, "", List.of(names), List.of(), Map.of(), Optional.empty());
  }

  /** Asks no longer for {@code names}. */
  void giveUp(ResourceType type, String... names) {
    wanted(type).removeAll(List.of(names));
    say(type, "", List.of(), List.of(names), Map.of(), Optional.empty());
  }

  /** A first request of a proxy that was connected before, and kept what it then had. */
  void resume(ResourceType type, String version, Map<String, String> had, String... names) {
    wanted(type).addAll(List.of(names));
    accepted.put(type, version);
    say(type, "", List.of(names), List.of(), had, Optional.empty());
  }

  void ack(Received response) {
    accepted.put(response.type(), response.version());
    answer(response.type(), response.nonce(), Optional.empty());
  }

  void nack(Received response, String message) {
    answer(response.type(), response.nonce(), Optional.of(message));
  }

  /** Answers with any nonce. */
  void answer(ResourceType type, String nonce, Optional<String> error) {
    say(type, nonce, List.of(), List.of(), Map.of(), error);
  }

  /** The next response on that type's stream, which is to be of that type. */
  Received receive(ResourceType type) throws InterruptedException {
    Received received = receiveAny(type);
    if (received.type() != type) {
      throw new AssertionError("awaited " + type + ", came " + received);
    }
    return received;
  }

  /** The next response on that type's stream, of whatever type. */
  Received receiveAny(ResourceType type) throws InterruptedException {
    Received received =
        switch (link(type).client.receive()) {
          case DiscoveryResponse world -> Received.of(world);
          case DeltaDiscoveryResponse difference -> Received.of(difference);
          default -> throw new AssertionError();
        };
    last.put(received.type(), received);
    return received;
  }

  /** The next response of that type; those of other types before it are passed over. */
  Received receiveUntil(ResourceType type) throws InterruptedException {
    Received received = receiveAny(type);
    while (received.type() != type) {
      received = receiveAny(type);
    }
    return received;
  }

  /** The next response, accepted. */
  Received accept(ResourceType type) throws InterruptedException {
    Received received = receive(type);
    ack(received);
    return received;
  }

  /** How many responses came and were not looked at. */
  int unread() {
    return links.values().stream().distinct().mapToInt(link -> link.client.unread()).sum();
  }

  /** The stream that has that type. */
  AdsClient<?, ?> stream(ResourceType type) {
    return link(type).client;
  }

  /** What no proxy says: any type URL, with any node, on the stream that has {@code type}. */
  void sayOddly(ResourceType type, String typeUrl, Node node) {
    link(type).introduced = true;
    switch (wire.variant) {
      case STATE_OF_THE_WORLD -> {
        DiscoveryRequest.Builder request = DiscoveryRequest.newBuilder().setTypeUrl(typeUrl);
        Link<DiscoveryRequest, DiscoveryResponse> link = link(type);
        link.client.send((isNone(node) ? request : request.setNode(node)).build());
      }
      case DELTA -> {
        var request = DeltaDiscoveryRequest.newBuilder().setTypeUrl(typeUrl);
        Link<DeltaDiscoveryRequest, DeltaDiscoveryResponse> link = link(type);
        link.client.send((isNone(node) ? request : request.setNode(node)).build());
      }
    }
  }

  private static boolean isNone(Node node) {
    return node.equals(Node.getDefaultInstance());
  }

  void disconnect() {
    links.values().stream().distinct().forEach(link -> link.client.cancel());
  }

  /** A request of the aggregated or of the type's own stream, as the variant writes it. */
  private void say(
      ResourceType type,
      String nonce,
      Collection<String> subscribe,
      Collection<String> unsubscribe,
      Map<String, String> had,
      Optional<String> error) {
    switch (wire.variant) {
      case STATE_OF_THE_WORLD -> sayWorld(type, nonce, error);
      case DELTA -> sayDelta(type, nonce, subscribe, unsubscribe, had, error);
    }
  }

  private void sayWorld(ResourceType type, String nonce, Optional<String> error) {
    Received newest = last.get(type);
    DiscoveryRequest.Builder request =
        DiscoveryRequest.newBuilder()
            .setVersionInfo(accepted.getOrDefault(type, ""))
            .setResponseNonce(nonce.isEmpty() && newest != null ? newest.nonce() : nonce)
            .addAllResourceNames(wanted(type));
    error.ifPresent(message -> request.getErrorDetailBuilder().setMessage(message));
    Link<DiscoveryRequest, DiscoveryResponse> link = link(type);
    if (!link.introduced) {
      request.setNode(AdsClient.node(id));
    }
    link.introduced = true;
    link.client.send((wire.aggregated() ? request.setTypeUrl(type.typeUrl()) : request).build());
  }

  private void sayDelta(
      ResourceType type,
      String nonce,
      Collection<String> subscribe,
      Collection<String> unsubscribe,
      Map<String, String> had,
      Optional<String> error) {
    DeltaDiscoveryRequest.Builder request =
        DeltaDiscoveryRequest.newBuilder()
            .setResponseNonce(nonce)
            .addAllResourceNamesSubscribe(subscribe)
            .addAllResourceNamesUnsubscribe(unsubscribe)
            .putAllInitialResourceVersions(had);
    error.ifPresent(message -> request.getErrorDetailBuilder().setMessage(message));
    Link<DeltaDiscoveryRequest, DeltaDiscoveryResponse> link = link(type);
    if (!link.introduced) {
      request.setNode(AdsClient.node(id));
    }
    link.introduced = true;
    link.client.send((wire.aggregated() ? request.setTypeUrl(type.typeUrl()) : request).build());
  }

  @SuppressWarnings("unchecked") // A proxy's streams are all of its wire's variant.
  private <Q extends Message, R extends Message> Link<Q, R> link(ResourceType type) {
    Link<?, ?> known = links.get(type);
    if (known == null && wire.aggregated() && !links.isEmpty()) {
      known = links.values().iterator().next();
    }
    if (known == null) {
      known = open(type);
    }
    links.put(type, known);
    return (Link<Q, R>) known;
  }

  private Link<?, ?> open(ResourceType type) {
    return switch (wire) {
      case SOTW_AGGREGATED -> new Link<>(AdsClient.sotw(channel));
      case DELTA_AGGREGATED -> new Link<>(AdsClient.delta(channel));
      case SOTW_ONE_TYPE -> new Link<>(AdsClient.of(channel, OneTypeMethods.sotw(type)));
      case DELTA_ONE_TYPE -> new Link<>(AdsClient.of(channel, OneTypeMethods.delta(type)));
    };
  }

  private List<String> wanted(ResourceType type) {
    return wanted.computeIfAbsent(type, t -> new ArrayList<>());
  }
}
