package dev.sluice.server.xds;

import dev.sluice.server.snapshot.SnapshotStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;

/**
 * What all streams of a server share.
 *
 * @param store where snapshots come from
 * @param streams the streams whose proxies have introduced themselves; safe for any thread
 * @param executor runs the sending that publications cause
 * @param timer runs the deadlines
 * @param nanoTime the clock of deadlines
 * @param clock the clock that people read
 */
record StreamContext(
    SnapshotStore store,
    Set<AdsStream> streams,
    Executor executor,
    ScheduledExecutorService timer,
    LongSupplier nanoTime,
    InstantSource clock,
    Duration makeBeforeBreakDeadline,
    XdsMetrics metrics) {}
