package dev.sluice.server.xds;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * Where the xDS server listens, and how long it waits for one proxy.
 *
 * @param address where; port 0 for any free one
 * @param makeBeforeBreakDeadline how long one stream's routes wait for its clusters to be accepted,
 *     and its removals for its routes
 * @param progressDeadline after how long in which it took nothing of what it is sent a stream is
 *     ended
 * @param stages in which changed configurations come to the proxies of a group; empty for all at
 *     once
 */
public record XdsServerSettings(
    InetSocketAddress address,
    Duration makeBeforeBreakDeadline,
    Duration progressDeadline,
    Optional<Stages> stages) {
  private static final Duration DEFAULT_MAKE_BEFORE_BREAK = Duration.ofSeconds(10);
  private static final Duration DEFAULT_PROGRESS = Duration.ofSeconds(60);

  public XdsServerSettings {
    Objects.requireNonNull(address);
    requirePositive("makeBeforeBreakDeadline", makeBeforeBreakDeadline);
    requirePositive("progressDeadline", progressDeadline);
  }

  private static void requirePositive(String name, Duration value) {
    if (!value.isPositive()) {
      throw new IllegalArgumentException(name + " must be positive: " + value);
    }
  }

  /** Listens on {@code address} with the defaults, deadlines of 10 s and 60 s. */
  public static XdsServerSettings at(InetSocketAddress address) {
    return new XdsServerSettings(
        address, DEFAULT_MAKE_BEFORE_BREAK, DEFAULT_PROGRESS, Optional.empty());
  }

  /** The same with another make-before-break deadline. */
  public XdsServerSettings withMakeBeforeBreakDeadline(Duration deadline) {
    return new XdsServerSettings(address, deadline, progressDeadline, stages);
  }

  /** The same with another progress deadline. */
  public XdsServerSettings withProgressDeadline(Duration deadline) {
    return new XdsServerSettings(address, makeBeforeBreakDeadline, deadline, stages);
  }

  /** The same with changed configurations in stages. */
  public XdsServerSettings withStages(Stages other) {
    return new XdsServerSettings(
        address, makeBeforeBreakDeadline, progressDeadline, Optional.of(other));
  }
}
