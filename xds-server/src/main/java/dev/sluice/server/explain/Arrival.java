package dev.sluice.server.explain;

import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.Objects;

/**
 * How requests come to a client's routes.
 *
 * @param client who reads the routes
 * @param transport over what the request comes
 * @param port of the listener; 0 where it has none
 * @param manager what is done with requests before they are routed
 */
record Arrival(Client client, Transport transport, int port, HttpConnectionManager manager) {
  /** Who reads the routes. */
  enum Client {
    ENVOY,
    /** A program that calls by gRPC, without a proxy. */
    GRPC
  }

  /** Over what a request comes. */
  enum Transport {
    PLAIN,
    TLS
  }

  Arrival {
    Objects.requireNonNull(client);
    Objects.requireNonNull(transport);
    Objects.requireNonNull(manager);
  }

  /** To an Envoy, in plain text, with nothing done to requests. */
  static Arrival plain() {
    return new Arrival(
        Client.ENVOY, Transport.PLAIN, 0, HttpConnectionManager.getDefaultInstance());
  }
}
