package dev.sluice.server.transport;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts refusals, and logs of each reason one in ten seconds at most: who is refused comes back.
 */
final class RefusalLog {
  private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
  private static final long PAUSE = TimeUnit.SECONDS.toNanos(10);

  private static final class Last {
    long at;
    int unsaid;

    Last(long at) {
      this.at = at;
    }
  }

  private final TransportMetrics metrics;
  private final LongSupplier nanoTime;
  private final Map<Refusal, Last> last = new EnumMap<>(Refusal.class); // Guarded by itself.

  RefusalLog(TransportMetrics metrics, LongSupplier nanoTime) {
    this.metrics = metrics;
    this.nanoTime = nanoTime;
  }

  void refused(Refusal reason, String peer, String message) {
    metrics.refused(reason);
    int unsaid = due(reason);
    if (unsaid >= 0) {
      String more = unsaid == 0 ? "" : " (and " + unsaid + " refused for such a reason before)";
      LOG.warn("{} refused: {}{}", peer, message, more);
    }
  }

  /** How many went unsaid before this one, which is due; or -1 where it is not. */
  private int due(Refusal reason) {
    long now = nanoTime.getAsLong();
    synchronized (last) {
      Last before = last.get(reason);
      if (before == null) {
        last.put(reason, new Last(now));
        return 0;
      }
      if (now - before.at < PAUSE) {
        before.unsaid++;
        return -1;
      }
      int unsaid = before.unsaid;
      before.at = now;
      before.unsaid = 0;
      return unsaid;
    }
  }
}
