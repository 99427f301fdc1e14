package dev.sluice.server.transport;

/**
 * How much clients may ask of the server. What is refused is refused with RESOURCE_EXHAUSTED, so
 * that clients come back later and ever later.
 *
 * @param messageBytes the largest request that is read
 * @param namesPerRequest the most names, asked for, given up and known, in one request
 * @param streamsPerConnection the most streams of one connection at a time, of every service
 * @param streams the most streams at a time
 * @param newStreamsPerSecond the most streams opened in a second, and after a pause at once
 */
public record StreamLimits(
    int messageBytes,
    int namesPerRequest,
    int streamsPerConnection,
    int streams,
    int newStreamsPerSecond) {
  /** What holds unless told otherwise. */
  public static final StreamLimits DEFAULT =
      new StreamLimits(4 << 20, 50_000, 1_000, 50_000, 1_000);

  /** Requests of 4 MiB, and no limit else. */
  public static final StreamLimits NONE =
      new StreamLimits(
          4 << 20, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE);

  public StreamLimits {
    requirePositive("messageBytes", messageBytes);
    requirePositive("namesPerRequest", namesPerRequest);
    requirePositive("streamsPerConnection", streamsPerConnection);
    requirePositive("streams", streams);
    requirePositive("newStreamsPerSecond", newStreamsPerSecond);
  }

  private static void requirePositive(String name, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive: " + value);
    }
  }
}
