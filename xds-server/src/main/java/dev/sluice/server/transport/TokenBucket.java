package dev.sluice.server.transport;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

/**
 * So many a second, and after a pause as many at once. Kept as one number, the time at which the
 * bucket would be full again (the generic cell rate algorithm).
 */
final class TokenBucket {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private final long each;
  private final LongSupplier nanoTime;
  private final AtomicLong full;

  /**
   * A full bucket.
   *
   * @param perSecond 1 to 10^9, and how many fit
   */
  TokenBucket(int perSecond, LongSupplier nanoTime) {
    this.each = Math.max(1, SECOND / perSecond);
    this.nanoTime = nanoTime;
    this.full = new AtomicLong(nanoTime.getAsLong());
  }

  /** Takes one, if there is one. */
  boolean take() {
    long now = nanoTime.getAsLong();
    while (true) {
      long before = full.get();
      long after = (before - now > 0 ? before : now) + each;
      if (after - now > SECOND) {
        return false;
      }
      if (full.compareAndSet(before, after)) {
        return true;
      }
    }
  }
}
