package dev.sluice.server.xds;

import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;

/**
 * What all streams of a server share.
 *
 * @param feeds what the streams of each group are served
 * @param shared what streams have in common
 * @param encoded the bytes of responses
 * @param timer runs the deadlines
 * @param nanoTime the clock of deadlines
 * @param clock the clock that people read
 * @param refused what the log has told of refusals
 * @param departures who came and who left
 */
record StreamContext(
    Feeds feeds,
    Shared shared,
    EncodedResponses encoded,
    ScheduledExecutorService timer,
    LongSupplier nanoTime,
    InstantSource clock,
    Duration makeBeforeBreakDeadline,
    XdsMetrics metrics,
    RefusedStreams refused,
    Departures departures) {}
