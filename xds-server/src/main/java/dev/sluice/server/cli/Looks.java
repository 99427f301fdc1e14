package dev.sluice.server.cli;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/**
 * Looks at a server until it shows what is waited for: fewer and fewer, since many commands that
 * wait must not keep it busy.
 *
 * @param timeout after which the look that is under way is the last
 */
record Looks(Duration timeout) {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /**
   * Waits.
   *
   * @param nothing what is known before the first look
   * @param look makes of what is known what is known after one more look
   * @param isOver whether no further look is wanted
   * @param tick is told of each look
   * @return what is known in the end
   */
  <T> T until(T nothing, UnaryOperator<T> look, Predicate<T> isOver, Consumer<T> tick) {
    long end = System.nanoTime() + timeout.toNanos();
    T known = nothing;
    Duration pause = FIRST_PAUSE;
    while (true) {
      long asked = System.nanoTime();
      known = look.apply(known);
      tick.accept(known);
      long now = System.nanoTime();
      if (isOver.test(known) || end - now <= 0) {
        return known;
      }
      Duration next = atLeastTwice(pause, Duration.ofNanos(now - asked));
      try {
        TimeUnit.NANOSECONDS.sleep(Math.min(next.toNanos(), end - now));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return known;
      }
      pause = longer(pause);
    }
  }

  /** The pause after a pause. */
  static Duration longer(Duration pause) {
    Duration next = pause.multipliedBy(3).dividedBy(2);
    return next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
  }

  /** The pause after an answer that took so long. */
  static Duration atLeastTwice(Duration pause, Duration answer) {
    Duration twice = answer.multipliedBy(2);
    return twice.compareTo(pause) > 0 ? twice : pause;
  }
}
