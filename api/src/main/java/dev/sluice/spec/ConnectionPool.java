package dev.sluice.spec;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code spec.connectionPool}: connections to the instances of one Cluster, of one proxy.
 *
 * @param connectTimeout null for 1s; positive
 * @param maxConnections null for 1024; at least 1
 * @param maxConnectionsPerEndpoint to one instance; null for no limit of its own; at least 1, and
 *     at least one for each of the proxy's worker threads that calls the instance
 * @param maxRequestsPerEndpoint requests under way at one instance; null for no limit of its own;
 *     at least 1. An approximation: by the connections to the instance with http, by one connection
 *     of so many streams with http2 and grpc, for each of the proxy's worker threads
 * @param maxRequestsPerConnection after how many requests a connection is replaced; null or 0 for
 *     no limit
 * @param idleTimeout after what time without a request a connection is closed; null for 1h, 0s for
 *     never
 * @param keepalive TCP keepalive; null for none
 * @param bufferLimit read and write buffer of a connection; null for 1Mi
 */
public record ConnectionPool(
    @Nullable Duration connectTimeout,
    @Nullable Integer maxConnections,
    @Nullable Integer maxConnectionsPerEndpoint,
    @Nullable Integer maxRequestsPerEndpoint,
    @Nullable Integer maxRequestsPerConnection,
    @Nullable Duration idleTimeout,
    @Nullable Keepalive keepalive,
    @Nullable Size bufferLimit) {
  /**
   * {@code spec.connectionPool.keepalive} ({@code envoy.config.core.v3.TcpKeepalive}).
   *
   * @param time how long a connection is idle before the first probe, in whole seconds; null for
   *     the operating system's
   * @param interval between probes, in whole seconds; null for the operating system's
   * @param probes how many go unanswered before the connection is dead; null for the operating
   *     system's
   */
  public record Keepalive(
      @Nullable Duration time, @Nullable Duration interval, @Nullable Integer probes) {}
}
