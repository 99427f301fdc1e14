package dev.sluice.server.app;

import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A value that is costly to have, and good for some time: several gauges of one scrape share it.
 */
final class Memo<T> implements Supplier<T> {
  private final Supplier<T> source;
  private final Duration fresh;
  private @Nullable T value; // Guarded by this, with the next.
  private long at;

  Memo(Supplier<T> source, Duration fresh) {
    this.source = source;
    this.fresh = fresh;
  }

  @Override
  public synchronized T get() {
    long now = System.nanoTime();
    T known = value;
    if (known == null || now - at > fresh.toNanos()) {
      known = source.get();
      value = known;
      at = now;
    }
    return known;
  }
}
