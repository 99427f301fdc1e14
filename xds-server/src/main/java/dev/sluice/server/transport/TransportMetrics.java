package dev.sluice.server.transport;

import java.time.Instant;

/** Where the transport counts. It is called on the network's threads and must not wait. */
public interface TransportMetrics {
  /** Counts nothing. */
  TransportMetrics NONE = new TransportMetrics() {};

  /** A connection was made, its handshakes done. */
  default void connected() {}

  /** A connection that was made has ended. */
  default void disconnected() {}

  /** A stream or a connection was refused. */
  default void refused(Refusal reason) {}

  /**
   * The TLS files are in use as they are.
   *
   * @param expires when the first of the server's certificates ends
   */
  default void tlsLoaded(Instant expires) {}

  /** The TLS files have changed and cannot be used; those before stay in use. */
  default void tlsFailed() {}
}
