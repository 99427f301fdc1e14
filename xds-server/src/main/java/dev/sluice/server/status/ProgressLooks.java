package dev.sluice.server.status;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.xds.NodeStatus;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * How far proxies are with each document, looked at no more often than it is worth: a look at
 * thousands of proxies takes its time, and its result is kept until twenty times that have passed.
 *
 * <p>Any thread may call it.
 */
public final class ProgressLooks {
  private static final long WORTH = 20;
  private static final long SHORTEST_NANOS = Duration.ofMillis(500).toNanos();

  private final Supplier<List<NodeStatus>> streams;
  private final Function<NodeGroup, Optional<Snapshot>> snapshots;
  private final LongSupplier nanoTime;
  private Look last;
  private long keptUntil;

  /**
   * One look.
   *
   * @param progress what it showed
   * @param at when it began, in the time of {@link System#nanoTime}
   */
  public record Look(DocumentProgress progress, long at) {}

  /**
   * Looks at the proxies behind {@code streams}.
   *
   * @param snapshots the newest snapshot of a group
   * @param nanoTime as {@link System#nanoTime}
   */
  public ProgressLooks(
      Supplier<List<NodeStatus>> streams,
      Function<NodeGroup, Optional<Snapshot>> snapshots,
      LongSupplier nanoTime) {
    this.streams = streams;
    this.snapshots = snapshots;
    this.nanoTime = nanoTime;
    this.last = new Look(DocumentProgress.of(List.of(), snapshots), nanoTime.getAsLong());
    this.keptUntil = last.at();
  }

  /** The newest look. */
  public synchronized Look look() {
    long begun = nanoTime.getAsLong();
    if (begun - keptUntil >= 0) {
      last = new Look(DocumentProgress.of(streams.get(), snapshots), begun);
      long took = nanoTime.getAsLong() - begun;
      keptUntil = begun + Math.max(SHORTEST_NANOS, took * WORTH);
    }
    return last;
  }
}
