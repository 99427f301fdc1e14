package dev.sluice.server.xds;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * What all feeds of a server share.
 *
 * @param stages in which changed configurations spread; empty for all at once
 * @param timer runs what is due later
 * @param nanoTime the clock of deadlines
 * @param clock the clock that people read
 */
record FeedContext(
    Optional<Stages> stages,
    ScheduledExecutorService timer,
    LongSupplier nanoTime,
    InstantSource clock) {
  long now() {
    return nanoTime.getAsLong();
  }

  void later(Duration time, Runnable task) {
    var _ = timer.schedule(task, time.toNanos(), TimeUnit.NANOSECONDS);
  }
}
