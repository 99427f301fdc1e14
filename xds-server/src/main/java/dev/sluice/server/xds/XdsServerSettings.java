package dev.sluice.server.xds;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;

/**
 * How the xDS server listens.
 *
 * @param address where; port 0 for any free one
 * @param maxMessageBytes the largest request that is read
 * @param keepaliveTime after how much silence a connection is probed
 * @param keepaliveTimeout after how long an unanswered probe ends the connection
 * @param permitKeepaliveTime how often clients may probe
 * @param makeBeforeBreakDeadline how long one stream's routes wait for its clusters to be accepted,
 *     and its removals for its routes
 */
public record XdsServerSettings(
    InetSocketAddress address,
    int maxMessageBytes,
    Duration keepaliveTime,
    Duration keepaliveTimeout,
    Duration permitKeepaliveTime,
    Duration makeBeforeBreakDeadline) {
  public XdsServerSettings {
    Objects.requireNonNull(address);
    if (maxMessageBytes <= 0) {
      throw new IllegalArgumentException("maxMessageBytes must be positive: " + maxMessageBytes);
    }
    requirePositive("keepaliveTime", keepaliveTime);
    requirePositive("keepaliveTimeout", keepaliveTimeout);
    requirePositive("permitKeepaliveTime", permitKeepaliveTime);
    requirePositive("makeBeforeBreakDeadline", makeBeforeBreakDeadline);
  }

  /** Listens on {@code address} with the defaults: 4 MiB, keepalive 30 s + 10 s, deadline 10 s. */
  public static XdsServerSettings at(InetSocketAddress address) {
    return new XdsServerSettings(
        address,
        4 << 20,
        Duration.ofSeconds(30),
        Duration.ofSeconds(10),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10));
  }

  /** The same with another make-before-break deadline. */
  public XdsServerSettings withMakeBeforeBreakDeadline(Duration deadline) {
    return new XdsServerSettings(
        address, maxMessageBytes, keepaliveTime, keepaliveTimeout, permitKeepaliveTime, deadline);
  }

  private static void requirePositive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(name + " must be positive: " + value);
    }
  }
}
