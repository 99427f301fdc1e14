package dev.sluice.server.transport;

import java.time.Duration;

/**
 * How long a connection lasts: so that proxies spread over replicas that came later, and show
 * certificates that are still good.
 *
 * @param max after how long a client is told to go (HTTP/2 GOAWAY); gRPC moves it for each
 *     connection at random by up to a tenth, so that those of one moment do not end in one
 * @param grace how long its streams may go on after that
 */
public record ConnectionAge(Duration max, Duration grace) {
  /** What holds unless told otherwise. */
  public static final ConnectionAge DEFAULT =
      new ConnectionAge(Duration.ofMinutes(30), Duration.ofSeconds(10));

  public ConnectionAge {
    TransportSettings.requirePositive("max", max);
    if (grace.isNegative()) {
      throw new IllegalArgumentException("grace is negative: " + grace);
    }
  }
}
