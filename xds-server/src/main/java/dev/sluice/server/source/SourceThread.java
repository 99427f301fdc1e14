package dev.sluice.server.source;

import dev.sluice.catalog.SourceName;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread on which a source does everything. */
public final class SourceThread {
  private static final Logger LOG = LoggerFactory.getLogger(SourceThread.class);
  private static final Duration CLOSE_WAIT = Duration.ofSeconds(5);

  private final SourceName source;
  private volatile @Nullable Thread thread;

  /** A thread that does not run yet. */
  public SourceThread(SourceName source) {
    this.source = source;
  }

  /**
   * Starts it; returns at once.
   *
   * @param name of the thread
   * @param run ends when the source is closed
   */
  public void start(String name, Runnable run) {
    Thread started = Thread.ofPlatform().name(name).daemon().unstarted(run);
    thread = started;
    started.start();
  }

  /** Waits until it has ended, which its source has told it to; not on the thread itself. */
  public void awaitEnd() {
    Thread started = thread;
    if (started == null || started.equals(Thread.currentThread())) {
      return;
    }
    try {
      if (!started.join(CLOSE_WAIT)) {
        LOG.warn("{} did not end within {}", source, CLOSE_WAIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
