package dev.sluice.server.transport;

import java.time.Duration;

/**
 * How a connection whose other end is gone without a word is found.
 *
 * @param time after how much silence it is probed (HTTP/2 PING)
 * @param timeout after how long an unanswered probe ends it
 * @param permit how often clients may probe; one that does more often is told ENHANCE_YOUR_CALM and
 *     disconnected
 */
public record Keepalive(Duration time, Duration timeout, Duration permit) {
  /** What holds unless told otherwise: noticed after 40 seconds. */
  public static final Keepalive DEFAULT =
      new Keepalive(Duration.ofSeconds(30), Duration.ofSeconds(10), Duration.ofSeconds(5));

  public Keepalive {
    TransportSettings.requirePositive("time", time);
    TransportSettings.requirePositive("timeout", timeout);
    TransportSettings.requirePositive("permit", permit);
  }
}
