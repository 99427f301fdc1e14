package dev.sluice.server.overrides;

import dev.sluice.server.overrides.RefusedException.Why;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * Has one write follow the other. Whoever has to wait long for a store that is slow is refused, so
 * that the few threads of the admin API are left for others.
 */
final class Turns {
  private static final long PATIENCE_SECONDS = 3;

  /** A write may take a store 16 seconds, and who asks waits for 30. */
  private static final long LATEST_SECONDS = 13;

  private final ReentrantLock lock = new ReentrantLock();

  /**
   * Does something while nothing else is done.
   *
   * @throws RefusedException when another one takes too long
   */
  <T> T take(Function<Turn, T> doing) {
    Turn turn = new Turn(System.nanoTime());
    try {
      if (!lock.tryLock(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new RefusedException(
            Why.UNAVAILABLE, "another drain or restore is being written; try again");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RefusedException(Why.UNAVAILABLE, "the server is stopping; ask another one");
    }
    try {
      return doing.apply(turn);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The time that one write has.
   *
   * @param begun as {@link System#nanoTime} had it
   */
  record Turn(long begun) {
    /**
     * Holds that there is time left for a store to be written or removed from.
     *
     * @throws RefusedException when whoever asked would have the answer too late
     */
    void refuseLate() {
      if (System.nanoTime() - begun > TimeUnit.SECONDS.toNanos(LATEST_SECONDS)) {
        throw new RefusedException(
            Why.UNAVAILABLE,
            "the stores of documents are slow: nothing more was begun after %ds; try again"
                .formatted(LATEST_SECONDS));
      }
    }
  }
}
