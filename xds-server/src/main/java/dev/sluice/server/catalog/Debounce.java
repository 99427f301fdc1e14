package dev.sluice.server.catalog;

import java.time.Duration;

/**
 * How long additions wait for their like, as a value: after a quiet time not at all, in a burst
 * ever longer while waiting gathers something, never over {@link #MAX_WAIT} from the first that
 * waits.
 *
 * <p>Times are in nanoseconds of one clock whose zero is arbitrary ({@link System#nanoTime}).
 *
 * @param busy whether something was told at all
 * @param lastTold when something was told last; means nothing unless {@code busy}
 * @param window how long the next addition waits, unless it comes after a quiet time
 */
record Debounce(boolean busy, long lastTold, long window) {

  /** The longest that an addition waits; also how long nothing is told in a quiet time. */
  static final Duration MAX_WAIT = Duration.ofMillis(100);

  /** How long the second addition of a burst waits. */
  static final Duration FIRST_WAIT = Duration.ofMillis(5);

  /** Nothing was told yet. */
  static final Debounce IDLE = new Debounce(false, 0, FIRST_WAIT.toNanos());

  /** When to tell what waits since {@code firstWaiting}. */
  long due(long firstWaiting) {
    return isQuiet(firstWaiting) ? firstWaiting : firstWaiting + window;
  }

  /**
   * The policy after something was told.
   *
   * @param now when it was told
   * @param firstWaiting since when the oldest part of it had waited
   * @param gathered how many arrivals it was made of
   */
  Debounce told(long now, long firstWaiting, int gathered) {
    if (isQuiet(firstWaiting)) {
      return new Debounce(true, now, FIRST_WAIT.toNanos());
    }
    long next =
        gathered > 1
            ? Math.min(MAX_WAIT.toNanos(), 2 * window)
            : Math.max(FIRST_WAIT.toNanos(), window / 2);
    return new Debounce(true, now, next);
  }

  private boolean isQuiet(long firstWaiting) {
    return !busy || firstWaiting - lastTold >= MAX_WAIT.toNanos();
  }
}
