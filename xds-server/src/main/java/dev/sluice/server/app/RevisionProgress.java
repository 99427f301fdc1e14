package dev.sluice.server.app;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.pipeline.Published;
import dev.sluice.server.snapshot.Revision;
import dev.sluice.server.traces.Traces;
import dev.sluice.server.traces.Traces.Outcome;
import dev.sluice.server.xds.Lags;
import dev.sluice.server.xds.ProxyLag;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says in the log when every proxy has acknowledged a revision, that some refused it, or which ones
 * have not acknowledged it for long. Told of revisions on the pipeline's thread, and looked at from
 * time to time on another one.
 */
final class RevisionProgress implements Published.Listener {
  private static final Logger LOG = LoggerFactory.getLogger(RevisionProgress.class);

  /** A stream looks at what was published some moments later. */
  private static final Duration SETTLES = Duration.ofMillis(500);

  private static final Duration LONG = Duration.ofSeconds(10);
  private static final Duration GIVE_UP = Duration.ofMinutes(5);
  private static final int SHOWN = 5;

  /** One proxy that refuses all would keep every later revision open. */
  private static final int MOST_OPEN = 100;

  private final Traces traces;
  private final LongSupplier nanoTime;

  /** Guarded by this, and so is what is in them. */
  private final ArrayDeque<Open> open = new ArrayDeque<>();

  /** The newest of those that are open, of each group. Guarded by this. */
  private final Map<NodeGroup, Open> newest = new HashMap<>();

  /** A revision, until all have acknowledged it. */
  private static final class Open {
    final long id;
    final long at;

    /** Its groups; for each when something newer was published. */
    final Map<NodeGroup, Long> until = new HashMap<>();

    boolean told;
    boolean ended;

    Open(long id, long at) {
      this.id = id;
      this.at = at;
    }

    /** Who was behind before something newer came, and is so still. */
    boolean waitsFor(ProxyLag proxy, long now) {
      Long newer = until.get(proxy.group());
      return newer != null && now - proxy.behindNanos() < newer;
    }

    /** Who refused something after it was published, and before something newer was. */
    boolean isRefusedBy(ProxyLag proxy, long now) {
      Long newer = until.get(proxy.group());
      if (newer == null || proxy.refusedNanos() == ProxyLag.NEVER) {
        return false;
      }
      long refused = now - proxy.refusedNanos();
      return refused >= at && refused < newer;
    }

    /** How many proxies it is for. */
    long count(Map<NodeGroup, Integer> proxies) {
      return until.keySet().stream().mapToLong(it -> proxies.getOrDefault(it, 0)).sum();
    }

    /** Whether that proxy would be behind without this revision too. */
    boolean foundBehind(ProxyLag proxy, long now) {
      return now - proxy.behindNanos() - at < -SETTLES.toNanos();
    }
  }

  RevisionProgress(Traces traces, LongSupplier nanoTime) {
    this.traces = traces;
    this.nanoTime = nanoTime;
  }

  @Override
  public void published(Published published) {
    traces.published(published);
    begin(published.revision()).ifPresent(id -> traces.ended(id, Outcome.GIVEN_UP));
  }

  /** Which one is given up for it. */
  private synchronized Optional<Long> begin(Revision revision) {
    long now = nanoTime.getAsLong();
    Open one = new Open(revision.id(), now);
    for (NodeGroup group : revision.groups().keySet()) {
      Open older = newest.put(group, one);
      if (older != null) {
        older.until.put(group, now);
      }
      one.until.put(group, Long.MAX_VALUE);
    }
    open.addLast(one);
    if (open.size() <= MOST_OPEN) {
      return Optional.empty();
    }
    Open oldest = open.getFirst();
    end(oldest);
    return Optional.of(oldest.id);
  }

  /** Looks who is behind. */
  void look(Supplier<Lags> lags) {
    List<Open> due = due();
    if (due.isEmpty()) {
      return;
    }
    List<ProxyLag> proxies = lags.get().proxies();
    Verdicts verdicts = decide(due, proxies);
    verdicts.tell();
    verdicts.ended.forEach(traces::ended);
  }

  private synchronized List<Open> due() {
    long now = nanoTime.getAsLong();
    return open.stream().filter(one -> now - one.at > SETTLES.toNanos()).toList();
  }

  private synchronized Verdicts decide(List<Open> due, List<ProxyLag> proxies) {
    long now = nanoTime.getAsLong();
    List<ProxyLag> behind = proxies.stream().filter(it -> it.behindNanos() > 0).toList();
    Map<NodeGroup, Integer> counts = new HashMap<>();
    proxies.forEach(proxy -> counts.merge(proxy.group(), 1, Integer::sum));
    Verdicts verdicts = new Verdicts();
    for (Open one : due) {
      if (!one.ended) {
        decide(one, behind, refusing(one, proxies, now), counts, verdicts, now);
      }
    }
    return verdicts;
  }

  /** Who refused it, the first first. */
  private static List<String> refusing(Open one, List<ProxyLag> proxies, long now) {
    return proxies.stream()
        .filter(it -> one.isRefusedBy(it, now))
        .sorted(Comparator.comparingLong(ProxyLag::refusedNanos).reversed())
        .map(ProxyLag::id)
        .toList();
  }

  private void decide(
      Open one,
      List<ProxyLag> behind,
      List<String> refusing,
      Map<NodeGroup, Integer> counts,
      Verdicts verdicts,
      long now) {
    List<ProxyLag> missing = behind.stream().filter(it -> one.waitsFor(it, now)).toList();
    List<String> late =
        missing.stream().filter(it -> !one.foundBehind(it, now)).map(ProxyLag::id).toList();
    Duration age = Duration.ofNanos(now - one.at);
    boolean answered = missing.stream().allMatch(it -> refusing.contains(it.id()));
    if (!refusing.isEmpty() && (answered || age.compareTo(LONG) > 0)) {
      end(one);
      verdicts.refused(one.id, one.count(counts), refusing);
    } else if (missing.isEmpty() || (late.isEmpty() && age.compareTo(LONG) > 0)) {
      end(one);
      verdicts.acknowledged(one.id, one.count(counts), missing.size(), age);
    } else if (age.compareTo(GIVE_UP) > 0) {
      end(one);
      verdicts.ended.put(one.id, Outcome.GIVEN_UP);
    } else if (!one.told && age.compareTo(LONG) > 0) {
      one.told = true;
      verdicts.late(one.id, one.count(counts), late, age);
    }
  }

  private void end(Open one) {
    one.ended = true;
    open.remove(one);
    one.until.keySet().forEach(group -> newest.remove(group, one));
  }

  /** What a look came to, told when the lock is free again. */
  private static final class Verdicts {
    final Map<Long, Outcome> ended = new LinkedHashMap<>();
    private final List<Long> acknowledged = new ArrayList<>();
    private final List<Long> late = new ArrayList<>();
    private final Map<Long, String> refused = new LinkedHashMap<>();
    private String lastAcknowledged = "";
    private String firstLate = "";

    /** Of several the newest tells for all; what is for no proxy is not told of. */
    void acknowledged(long id, long all, int missing, Duration age) {
      ended.put(id, Outcome.ACKNOWLEDGED);
      if (all > 0) {
        acknowledged.add(id);
        lastAcknowledged =
            missing == 0
                ? "acknowledged by all %d proxies within %d ms".formatted(all, age.toMillis())
                : "acknowledged by %d of %d proxies; the others were behind before it"
                    .formatted(all - missing, all);
      }
    }

    /** Each tells for itself: what was refused with it is not in the others. */
    void refused(long id, long all, List<String> proxies) {
      ended.put(id, Outcome.GIVEN_UP);
      refused.put(
          id,
          "refused by %d of %d proxies, %sby %s; sluice status and sluice check tell why"
              .formatted(
                  proxies.size(), all, proxies.size() > 1 ? "first " : "", proxies.getFirst()));
    }

    /** Of several the oldest tells for all. */
    void late(long id, long all, List<String> proxies, Duration age) {
      late.add(id);
      if (firstLate.isEmpty()) {
        firstLate =
            "%d of %d proxies have not acknowledged it for %d s: %s; sluice status tells why"
                .formatted(
                    proxies.size(),
                    all,
                    age.toSeconds(),
                    proxies.size() > SHOWN ? proxies.subList(0, SHOWN) + " and more" : proxies);
      }
    }

    void tell() {
      refused.forEach(
          (id, what) -> LOG.atWarn().addKeyValue("revision", id).log("revision {}: {}", id, what));
      if (!late.isEmpty()) {
        long oldest = late.getFirst();
        String after = others("after", late.subList(1, late.size()));
        LOG.atWarn()
            .addKeyValue("revision", oldest)
            .log("revision {}: {}{}", oldest, firstLate, after);
      }
      if (!acknowledged.isEmpty()) {
        long newest = acknowledged.getLast();
        String before = others("before", acknowledged.subList(0, acknowledged.size() - 1));
        LOG.atInfo()
            .addKeyValue("revision", newest)
            .log("revision {}: {}{}", newest, lastAcknowledged, before);
      }
    }

    private static String others(String where, List<Long> ids) {
      return ids.isEmpty() ? "" : " (and %s %s)".formatted(ids, where);
    }
  }
}
