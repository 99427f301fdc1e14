package dev.sluice.translate;

import dev.sluice.spec.Tree;
import io.envoyproxy.envoy.config.core.v3.TrafficDirection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** All that an {@code envoy.config.listener.v3.Listener} is made from. */
public sealed interface ListenerInput {
  /** Name of the Listener. */
  String name();

  /** A listener for requests. */
  sealed interface ForRequests extends ListenerInput {
    /** Name of the RouteConfiguration that it asks for over ADS. */
    String routeConfiguration();
  }

  /** The secrets that a proxy needs for it. */
  default Stream<SecretUse> secrets() {
    return Stream.empty();
  }

  /** The same without what is laid over it. */
  default ListenerInput withoutPatches() {
    return this;
  }

  /**
   * A socket on which an Envoy takes HTTP/1.1 and HTTP/2.
   *
   * @param name name of the Listener
   * @param routeConfiguration name of its RouteConfiguration
   * @param address IP literal that it binds
   * @param port port that it binds
   * @param side whose calls it takes
   * @param patches what is laid over the Listener, in order
   */
  record HttpListener(
      String name,
      String routeConfiguration,
      String address,
      int port,
      Side side,
      List<Tree> patches)
      implements ForRequests {
    public HttpListener {
      Objects.requireNonNull(name);
      Objects.requireNonNull(routeConfiguration);
      Objects.requireNonNull(address);
      Objects.requireNonNull(side);
      patches = List.copyOf(patches);
    }

    @Override
    public Stream<SecretUse> secrets() {
      return side instanceof Side.Edge(_, List<TlsChain> chains)
          ? chains.stream().map(TlsChain::certificate)
          : Stream.empty();
    }

    /** The same on another side. */
    public HttpListener on(Side other) {
      return new HttpListener(name, routeConfiguration, address, port, other, patches);
    }

    @Override
    public ListenerInput withoutPatches() {
      return new HttpListener(name, routeConfiguration, address, port, side, List.of());
    }
  }

  /** Whose calls a listener takes. */
  sealed interface Side {
    /** Those of the local applications. */
    record Outbound() implements Side {}

    /** Those to the local application. */
    record Inbound() implements Side {}

    /**
     * Those from outside the mesh, as a Gateway says.
     *
     * @param settings of all its listeners
     * @param chains how clients speak TLS, one for each of the Gateway's listeners on the port;
     *     empty where they do not
     */
    record Edge(EdgeSettings settings, List<TlsChain> chains) implements Side {
      public Edge {
        Objects.requireNonNull(settings);
        chains = List.copyOf(chains);
      }
    }
  }

  /**
   * What a gRPC client asks for under the name it dials ({@code Listener.api_listener}).
   *
   * @param name {@code service.namespace:port} and its short forms
   * @param routeConfiguration name of its RouteConfiguration
   */
  record GrpcListener(String name, String routeConfiguration) implements ForRequests {
    public GrpcListener {
      Objects.requireNonNull(name);
      Objects.requireNonNull(routeConfiguration);
    }
  }

  /**
   * A socket on which an Envoy takes connections, whatever is spoken over them.
   *
   * @param name name of the Listener
   * @param address IP literal that it binds
   * @param port port that it binds
   * @param direction which way they go
   * @param forwarding where they go
   */
  record TcpListener(
      String name, String address, int port, TrafficDirection direction, TcpForwarding forwarding)
      implements ListenerInput {
    public TcpListener {
      Objects.requireNonNull(name);
      Objects.requireNonNull(address);
      Objects.requireNonNull(direction);
      Objects.requireNonNull(forwarding);
    }
  }
}
