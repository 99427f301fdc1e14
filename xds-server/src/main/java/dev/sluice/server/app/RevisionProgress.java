package dev.sluice.server.app;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.pipeline.Published;
import dev.sluice.server.traces.Traces;
import dev.sluice.server.traces.Traces.Outcome;
import dev.sluice.server.xds.Lags;
import dev.sluice.server.xds.ProxyLag;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log when every proxy has acknowledged a revision, or which ones have not for long.
 * Told of revisions on the pipeline's thread, and looked at from time to time on another one.
 */
final class RevisionProgress implements Published.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(RevisionProgress.class);

  /** A stream looks at what was published some moments later. */
  private static final Duration SETTLES = Duration.ofMillis(500);

  private static final Duration LONG = Duration.ofSeconds(10);
  private static final Duration GIVE_UP = Duration.ofMinutes(5);
  private static final int SHOWN = 5;

  private final Traces traces;
  private final LongSupplier nanoTime;
  private final List<Open> open = new ArrayList<>(); // Guarded by this.

  /** A revision, until all have acknowledged it. */
  private static final class Open {
    final long id;
    final long at;

    /** Its groups; for each when something newer was published. */
    final Map<NodeGroup, Long> until = new HashMap<>();

    boolean told;

    Open(long id, long at) {
      this.id = id;
      this.at = at;
    }

    /** Who was behind before something newer came, and is so still. */
    boolean waitsFor(ProxyLag proxy, long now) {
      Long newer = until.get(proxy.group());
      return newer != null && proxy.behindNanos() > 0 && now - proxy.behindNanos() < newer;
    }
  }

  RevisionProgress(Traces traces, LongSupplier nanoTime) {
    this.traces = traces;
    this.nanoTime = nanoTime;
  }

  @Override
  public synchronized void published(Published published) {
    traces.published(published);
    long now = nanoTime.getAsLong();
    Open one = new Open(published.revision().id(), now);
    for (NodeGroup group : published.revision().groups().keySet()) {
      open.forEach(
          older -> older.until.computeIfPresent(group, (_, newer) -> Math.min(newer, now)));
      one.until.put(group, Long.MAX_VALUE);
    }
    open.add(one);
  }

  /** Looks who is behind. */
  void look(Supplier<Lags> lags) {
    List<Open> due = due();
    if (due.isEmpty()) {
      return;
    }
    List<ProxyLag> proxies = lags.get().proxies();
    long now = nanoTime.getAsLong();
    List<Long> acknowledged = new ArrayList<>();
    String last = "";
    for (Open one : due) {
      List<String> behind =
          proxies.stream().filter(it -> one.waitsFor(it, now)).map(ProxyLag::id).toList();
      long all = proxies.stream().filter(it -> one.until.containsKey(it.group())).count();
      Duration age = Duration.ofNanos(now - one.at);
      if (behind.isEmpty()) {
        if (all > 0) {
          acknowledged.add(one.id);
          last = "acknowledged by all %d proxies within %d ms".formatted(all, age.toMillis());
        }
        done(one, Outcome.ACKNOWLEDGED);
      } else if (age.compareTo(GIVE_UP) > 0) {
        done(one, Outcome.GIVEN_UP);
      } else if (!one.told && age.compareTo(LONG) > 0) {
        one.told = true;
        LOG.atWarn()
            .addKeyValue("revision", one.id)
            .log(
                "revision {}: {} of {} proxies have not acknowledged it for {} s: {}; sluice status"
                    + " tells why",
                one.id,
                behind.size(),
                all,
                age.toSeconds(),
                behind.size() > SHOWN ? behind.subList(0, SHOWN) + " and more" : behind);
      }
    }
    tell(acknowledged, last);
  }

  /** Of several the newest tells for all. */
  private static void tell(List<Long> acknowledged, String last) {
    if (!acknowledged.isEmpty()) {
      long newest = acknowledged.getLast();
      String before =
          acknowledged.size() == 1
              ? ""
              : " (and %s before)".formatted(acknowledged.subList(0, acknowledged.size() - 1));
      LOG.atInfo().addKeyValue("revision", newest).log("revision {}: {}{}", newest, last, before);
    }
  }

  private synchronized List<Open> due() {
    long now = nanoTime.getAsLong();
    return open.stream().filter(one -> now - one.at > SETTLES.toNanos()).toList();
  }

  private void done(Open one, Outcome outcome) {
    synchronized (this) {
      open.remove(one);
    }
    traces.ended(one.id, outcome);
  }
}
