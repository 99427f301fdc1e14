package dev.sluice.server.catalog;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Counts of what the {@link CatalogWriter} did since it started; readable from any thread. */
public final class CatalogMeters {

  private final LongAdder updates = new LongAdder();
  private final LongAdder batches = new LongAdder();
  private final LongAdder changes = new LongAdder();
  private final LongAdder waitedNanos = new LongAdder();
  private final LongAdder failures = new LongAdder();

  CatalogMeters() {}

  /** Source updates that were folded. */
  public long updates() {
    return updates.sum();
  }

  /** Times that the writer emptied its queue. */
  public long batches() {
    return batches.sum();
  }

  /** Changes that the listener took. */
  public long changes() {
    return changes.sum();
  }

  /** Sum over all changes of the time from their first part's arrival until they were taken. */
  public Duration waited() {
    return Duration.ofNanos(waitedNanos.sum());
  }

  /** Calls of the listener and tasks that threw. */
  public long failures() {
    return failures.sum();
  }

  void batch() {
    batches.increment();
  }

  void folded(int count) {
    updates.add(count);
  }

  void changed(Duration waited) {
    changes.increment();
    waitedNanos.add(waited.toNanos());
  }

  void failed() {
    failures.increment();
  }
}
