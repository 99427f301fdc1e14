package dev.sluice.spec;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code spec.connectionPool}: connections to the instances of one Cluster, of one proxy.
 *
 * @param connectTimeout null for 1s; positive
 * @param maxConnections null for 1024; at least 1
 * @param maxRequestsPerConnection after how many requests a connection is replaced; null or 0 for
 *     no limit
 * @param idleTimeout after what time without a request a connection is closed; null for 1h, 0s for
 *     never
 * @param keepalive TCP keepalive; null for none
 * @param bufferLimit read and write buffer of a connection; null for 1Mi
 */
@Planned({"maxConnectionsPerEndpoint", "maxRequestsPerEndpoint"})
public record ConnectionPool(
    @Nullable Duration connectTimeout,
    @Nullable Integer maxConnections,
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
