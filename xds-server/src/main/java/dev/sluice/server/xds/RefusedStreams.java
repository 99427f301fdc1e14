package dev.sluice.server.xds;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Which refusals of streams the log has told: who is refused tries again at once, and must not fill
 * the log. May be used from any thread.
 */
final class RefusedStreams {
  private static final int REMEMBERED = 1000;
  private static final long PAUSE = TimeUnit.MINUTES.toNanos(1);

  private final LongSupplier nanoTime;
  private final Map<Refused, Told> told = new LinkedHashMap<>();

  /**
   * What makes two refusals the same.
   *
   * @param host where it comes from, without the port
   * @param node its node id, as far as it is known
   * @param reason why it is refused
   */
  private record Refused(String host, String node, String reason) {}

  /**
   * What was told of it.
   *
   * @param at when, in nanoseconds
   * @param since how often it was refused since then
   */
  private record Told(long at, long since) {}

  RefusedStreams(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * Notes a refusal.
   *
   * @param peer the address, with or without its port
   * @return how often it was refused before without being told; empty if it is not to be told now
   */
  synchronized OptionalLong note(String peer, String node, String reason) {
    long now = nanoTime.getAsLong();
    Refused refused = new Refused(peer.replaceFirst(":\\d+(\\)?)$", "$1"), node, reason);
    Told before = told.remove(refused);
    if (before != null && now - before.at < PAUSE) {
      told.put(refused, new Told(before.at, before.since + 1));
      return OptionalLong.empty();
    }
    if (told.size() >= REMEMBERED) {
      told.remove(told.keySet().iterator().next()); // The one that was quiet for longest.
    }
    told.put(refused, new Told(now, 0));
    return OptionalLong.of(before == null ? 0 : before.since);
  }
}
