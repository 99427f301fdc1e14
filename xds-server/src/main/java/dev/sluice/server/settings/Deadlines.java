package dev.sluice.server.settings;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code xds.deadlines}: how long the server waits for one proxy; all others go on meanwhile.
 *
 * @param makeBeforeBreak how long its routes wait for its new clusters to be acknowledged, and what
 *     leaves for its routes; null for 10s
 * @param progress after how long without taking in anything of what it is sent its stream is ended;
 *     null for 60s
 */
public record Deadlines(@Nullable Duration makeBeforeBreak, @Nullable Duration progress) {
  /** What holds where nothing is said. */
  public static final Deadlines DEFAULT = new Deadlines(null, null);

  /** Deadlines that are given are positive. */
  public Deadlines {
    positive("makeBeforeBreak", makeBeforeBreak);
    positive("progress", progress);
  }

  private static void positive(String key, @Nullable Duration value) {
    if (value != null && !value.isPositive()) {
      throw new IllegalArgumentException(key + " must be longer than 0s");
    }
  }
}
