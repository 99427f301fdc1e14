package dev.sluice.server.xds;

import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pushing of an edition to the streams that one thread serves, on that thread: one hand-over
 * for all of them, and none for what each sends. They go a few at a time, so that the thread
 * flushes what was sent and takes requests meanwhile.
 */
final class Push implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Push.class);
  private static final int AT_A_TIME = 32;

  private final Executor thread;
  private final ArrayDeque<AdsStream> streams = new ArrayDeque<>();

  private Push(Executor thread) {
    this.thread = thread;
  }

  /**
   * Starts pushing to {@code streams}, in their order.
   *
   * @param turn which of them is the first, counted round and round: another one each time
   */
  static void start(AdsStream[] streams, int turn) {
    IdentityHashMap<Executor, Push> pushes = new IdentityHashMap<>();
    for (int i = 0; i < streams.length; i++) {
      AdsStream stream = streams[Math.floorMod(turn + i, streams.length)];
      pushes.computeIfAbsent(stream.thread(), Push::new).streams.add(stream);
    }
    pushes.values().forEach(Push::handOver);
  }

  private void handOver() {
    try {
      thread.execute(this);
    } catch (RejectedExecutionException e) {
      LOG.debug("The server is stopping; a publication is not sent any more", e);
    }
  }

  @Override
  public void run() {
    try {
      for (int i = 0; i < AT_A_TIME && !streams.isEmpty(); i++) {
        streams.remove().push();
      }
    } finally { // One that fails is no reason for the others to wait.
      if (!streams.isEmpty()) {
        handOver();
      }
    }
  }
}
