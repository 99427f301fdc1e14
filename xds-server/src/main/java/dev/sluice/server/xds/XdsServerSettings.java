package dev.sluice.server.xds;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;

/**
 * Where the xDS server listens, and how it waits.
 *
 * @param address where; port 0 for any free one
 * @param makeBeforeBreakDeadline how long one stream's routes wait for its clusters to be accepted,
 *     and its removals for its routes
 */
public record XdsServerSettings(InetSocketAddress address, Duration makeBeforeBreakDeadline) {
  private static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(10);

  public XdsServerSettings {
    Objects.requireNonNull(address);
    if (!makeBeforeBreakDeadline.isPositive()) {
      throw new IllegalArgumentException(
          "makeBeforeBreakDeadline must be positive: " + makeBeforeBreakDeadline);
    }
  }

  /** Listens on {@code address} with the default, a deadline of 10 s. */
  public static XdsServerSettings at(InetSocketAddress address) {
    return new XdsServerSettings(address, DEFAULT_DEADLINE);
  }

  /** The same with another make-before-break deadline. */
  public XdsServerSettings withMakeBeforeBreakDeadline(Duration deadline) {
    return new XdsServerSettings(address, deadline);
  }
}
