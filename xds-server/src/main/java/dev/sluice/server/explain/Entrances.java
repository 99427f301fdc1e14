package dev.sluice.server.explain;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dev.sluice.node.Role;
import dev.sluice.server.explain.Arrival.Client;
import dev.sluice.server.explain.Arrival.Transport;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import io.envoyproxy.envoy.config.listener.v3.Filter;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Where a request comes in: the listener, and of its filter chains the one that takes it. */
final class Entrances {
  private Entrances() {}

  /**
   * What was found.
   *
   * @param listener the resource; empty where there is none
   * @param arrival how requests come to its routes; empty where none would be taken
   * @param because why this one, or why none
   */
  record Entrance(Optional<Resource> listener, Optional<Arrival> arrival, String because) {
    static Entrance none(String because) {
      return new Entrance(Optional.empty(), Optional.empty(), because);
    }
  }

  /** A listener of HTTP. */
  private record Socket(Resource resource, Listener listener) {
    int port() {
      return listener.getAddress().getSocketAddress().getPortValue();
    }

    boolean tls() {
      return listener.getFilterChainsList().stream().anyMatch(FilterChain::hasTransportSocket);
    }

    String named() {
      return port() + (tls() ? " (https)" : " (http)");
    }
  }

  static Entrance find(Held held, Role role, Call call) {
    return switch (role) {
      case PROXYLESS -> ofGrpc(held, call);
      case SIDECAR, NODE -> outbound(held);
      case GATEWAY -> gateway(held, call);
    };
  }

  private static Entrance ofGrpc(Held held, Call call) {
    Optional<Resource> found = held.resource(ResourceType.LISTENER, call.authority());
    if (found.isEmpty()) {
      return Entrance.none(
          "it has no listener of the name %s; a program has those that it has asked for (%s)"
              .formatted(
                  call.authority(), list(held.names(ResourceType.LISTENER).stream().toList())));
    }
    Listener listener = (Listener) found.get().message();
    return manager(listener.getApiListener().getApiListener())
        .map(
            manager ->
                new Entrance(
                    found,
                    Optional.of(new Arrival(Client.GRPC, Transport.PLAIN, 0, manager)),
                    "the program's channel is to " + call.authority()))
        .orElseGet(() -> new Entrance(found, Optional.empty(), "it is no listener for programs"));
  }

  private static Entrance outbound(Held held) {
    List<Socket> sockets =
        sockets(held).stream()
            .filter(socket -> socket.listener().getTrafficDirection() == TrafficDirection.OUTBOUND)
            .toList();
    return sockets.isEmpty()
        ? Entrance.none("it has no listener for the calls of its applications")
        : chain(sockets.getFirst(), Optional.empty(), "it takes the calls of its applications");
  }

  private static Entrance gateway(Held held, Call call) {
    List<Socket> sockets = sockets(held);
    if (sockets.isEmpty()) {
      return Entrance.none("it has no listener for HTTP");
    }
    boolean secure = call.scheme().equals("https");
    String ports = list(sockets.stream().map(Socket::named).toList());
    if (call.port().isPresent()) {
      int port = call.port().getAsInt();
      Optional<Socket> named = sockets.stream().filter(socket -> socket.port() == port).findFirst();
      if (named.isPresent() && named.get().tls() == secure) {
        return chain(named.get(), Optional.of(call.host()), "the URL's port is " + port);
      }
      if (named.isPresent()) {
        return new Entrance(
            Optional.of(named.get().resource()),
            Optional.empty(),
            "it speaks " + (secure ? "no TLS" : "TLS alone") + ", and the URL is " + call.scheme());
      }
      return Entrance.none("it listens on no port " + port + ", but on " + ports);
    }
    int usual = secure ? 443 : 80;
    List<Socket> speaking = sockets.stream().filter(socket -> socket.tls() == secure).toList();
    Optional<Socket> chosen =
        speaking.stream()
            .filter(socket -> socket.port() == usual)
            .findFirst()
            .or(() -> speaking.size() == 1 ? speaking.stream().findFirst() : Optional.empty());
    return chosen
        .map(
            socket ->
                chain(
                    socket,
                    Optional.of(call.host()),
                    socket.port() == usual
                        ? call.scheme() + " means port " + usual
                        : "it is the only one for " + call.scheme()))
        .orElseGet(
            () ->
                Entrance.none(
                    "the URL has no port, and it listens on %s; write the port in the URL"
                        .formatted(ports)));
  }

  private static List<Socket> sockets(Held held) {
    List<Socket> sockets = new ArrayList<>();
    for (String name : held.names(ResourceType.LISTENER)) {
      held.resource(ResourceType.LISTENER, name)
          .ifPresent(resource -> sockets.add(new Socket(resource, (Listener) resource.message())));
    }
    sockets.removeIf(
        socket ->
            socket.listener().getFilterChainsList().stream()
                .noneMatch(chain -> manager(chain).isPresent()));
    return sockets.stream().sorted(Comparator.comparingInt(Socket::port)).toList();
  }

  private static Entrance chain(Socket socket, Optional<String> host, String because) {
    Optional<FilterChain> chain =
        socket.tls()
            ? ServerNames.chain(socket.listener().getFilterChainsList(), host.orElse(""))
            : socket.listener().getFilterChainsList().stream().findFirst();
    Optional<Resource> listener = Optional.of(socket.resource());
    if (chain.isEmpty()) {
      return new Entrance(
          listener,
          Optional.empty(),
          because + ", and it has no certificate for clients that ask for " + host.orElse("it"));
    }
    Transport transport = chain.get().hasTransportSocket() ? Transport.TLS : Transport.PLAIN;
    return new Entrance(
        listener,
        manager(chain.get())
            .map(manager -> new Arrival(Client.ENVOY, transport, socket.port(), manager)),
        because
            + (chain.get().getName().isEmpty() || !socket.tls()
                ? ""
                : ", and clients that ask for "
                    + host.orElse("it")
                    + " are shown the certificate of "
                    + chain.get().getName()));
  }

  private static Optional<HttpConnectionManager> manager(FilterChain chain) {
    return chain.getFiltersList().stream()
        .map(Filter::getTypedConfig)
        .flatMap(config -> manager(config).stream())
        .findFirst();
  }

  private static Optional<HttpConnectionManager> manager(Any config) {
    if (!config.is(HttpConnectionManager.class)) {
      return Optional.empty();
    }
    try {
      return Optional.of(config.unpack(HttpConnectionManager.class));
    } catch (InvalidProtocolBufferException _) {
      return Optional.empty();
    }
  }

  private static String list(List<String> names) {
    return names.isEmpty() ? "none" : names.stream().collect(Collectors.joining(", "));
  }
}
