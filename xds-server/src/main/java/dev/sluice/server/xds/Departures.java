package dev.sluice.server.xds;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Who came and who left, and of those who have not come back the last. Any thread may call it. */
final class Departures {
  static final int MOST = 1_000;
  static final Duration KEPT = Duration.ofHours(1);

  private static final Logger LOG = LoggerFactory.getLogger(AdsStream.class);

  private final InstantSource clock;

  /** How many streams each proxy has, by its id: one that asks for each type by itself has more. */
  private final Map<String, Integer> open = new HashMap<>();

  /** The longest ago first. */
  private final LinkedHashMap<String, Departed> departed = new LinkedHashMap<>();

  Departures(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * A stream of a proxy was opened.
   *
   * @param form of its protocol, for the log
   */
  void came(ProxyNode node, String form) {
    synchronized (this) {
      open.merge(node.id(), 1, Integer::sum);
      departed.remove(node.id());
    }
    LOG.info("{} connected: {}, {}, {}", node.id(), node.group(), node.userAgent(), form);
  }

  /** A stream of a proxy, opened {@code since} then, has ended. */
  void left(ProxyNode node, Instant since, String why) {
    LOG.info("{} disconnected: {}", node.id(), why);
    note(node, since, why);
  }

  private synchronized void note(ProxyNode node, Instant since, String why) {
    int others = open.merge(node.id(), -1, Integer::sum);
    if (others > 0) {
      return;
    }
    open.remove(node.id());
    departed.remove(node.id()); // To the end.
    departed.put(
        node.id(),
        new Departed(node.id(), node.group(), node.userAgent(), since, clock.instant(), why));
    if (departed.size() > MOST) {
      departed.pollFirstEntry();
    }
  }

  /** Those who left within the last hour, {@value #MOST} at most, by id. */
  synchronized List<Departed> current() {
    Instant first = clock.instant().minus(KEPT);
    departed.values().removeIf(one -> one.at().isBefore(first));
    return departed.values().stream().sorted(Comparator.comparing(Departed::id)).toList();
  }
}
