package dev.sluice.server.xds;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotDiff;
import dev.sluice.server.snapshot.SnapshotStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The feeds of all groups that a stream is open for. The push thread makes their editions, and has
 * them pushed.
 */
final class Feeds {
  private static final Logger LOG = LoggerFactory.getLogger(Feeds.class);

  /** How long a group without proxies is remembered for what it must not be served. */
  private static final Duration KEPT = Duration.ofHours(1);

  private final SnapshotStore store;
  private final Executor pushThread;
  private final FeedContext context;
  private final Map<NodeGroup, Served> groups = new HashMap<>();
  private int turn;

  /** A feed with the streams that it serves. */
  private record Served(
      Feed feed, Set<AdsStream> streams, AtomicLong emptySince, SnapshotStore.Watch watch) {}

  /**
   * Feeds from {@code store}.
   *
   * @param pushThread runs what it is given in order, on one thread
   */
  Feeds(SnapshotStore store, Executor pushThread, FeedContext context) {
    this.store = store;
    this.pushThread = pushThread;
    this.context = context;
  }

  /** The feed of {@code group}, which from now on serves {@code stream} too. */
  synchronized Feed join(NodeGroup group, AdsStream stream) {
    Served served = groups.computeIfAbsent(group, this::open);
    served.streams().add(stream);
    return served.feed();
  }

  private Served open(NodeGroup group) {
    Set<AdsStream> streams = ConcurrentHashMap.newKeySet();
    Feed[] feed = new Feed[1];
    feed[0] = new Feed(group, context, () -> schedule(group, feed[0], streams));
    return new Served(
        feed[0], streams, new AtomicLong(), store.watch(group, (of, diff) -> feed[0].note(diff)));
  }

  synchronized void leave(NodeGroup group, AdsStream stream) {
    Served served = groups.get(group);
    if (served == null || !served.streams().remove(stream)) {
      return;
    }
    served.feed().left(stream, served.streams().stream().findAny());
    if (served.streams().isEmpty()) {
      served.emptySince().set(context.now());
      if (!served.feed().isForgettable()) {
        context.later(KEPT, () -> retire(group));
      }
    }
    retire(group);
  }

  /**
   * A feed without streams stays for some time while it knows something that a newcomer has to be
   * kept from.
   */
  private synchronized void retire(NodeGroup group) {
    Served served = groups.get(group);
    if (served == null || !served.streams().isEmpty()) {
      return;
    }
    boolean late = context.now() - served.emptySince().get() >= KEPT.toNanos();
    if (late || served.feed().isForgettable()) {
      groups.remove(group);
      served.watch().close();
    }
  }

  /** Every stream that has joined. */
  synchronized List<AdsStream> streams() {
    return groups.values().stream().flatMap(served -> served.streams().stream()).toList();
  }

  /** What is not served in any group because a proxy refused it. */
  List<Quarantined> quarantined() {
    return feeds().stream().flatMap(feed -> feed.quarantined().stream()).toList();
  }

  /** The same, as it can be found again in what is published. */
  List<Withheld> withheld() {
    return feeds().stream().flatMap(feed -> feed.withheld().stream()).toList();
  }

  /** The configurations that spread in stages. */
  List<ConfigCanary> canaries() {
    return feeds().stream().flatMap(feed -> feed.canary().stream()).toList();
  }

  /** What the streams of {@code group} were served lately, the newest first. */
  List<Snapshot> earlier(NodeGroup group) {
    return feed(group).map(Feed::earlier).orElse(List.of());
  }

  private synchronized Optional<Feed> feed(NodeGroup group) {
    return Optional.ofNullable(groups.get(group)).map(Served::feed);
  }

  private synchronized List<Feed> feeds() {
    return groups.values().stream().map(Served::feed).toList();
  }

  private void schedule(NodeGroup group, Feed feed, Set<AdsStream> streams) {
    try {
      pushThread.execute(() -> push(group, feed, streams));
    } catch (RejectedExecutionException e) {
      LOG.debug("The server is stopping; a publication is not sent any more", e);
    }
  }

  private void push(NodeGroup group, Feed feed, Set<AdsStream> streams) {
    try {
      feed.advance();
      if (!streams.isEmpty()) {
        feed.choosing().ifPresent(change -> feed.choose(concerned(change, streams)));
      }
    } catch (RuntimeException e) {
      LOG.error("An edition could not be made; it comes with the next publication", e);
      feed.recomputeLater();
      return;
    }
    if (streams.isEmpty()) {
      retire(group);
    } else {
      Push.start(streams.toArray(AdsStream[]::new), turn++);
    }
  }

  private static Map<AdsStream, String> concerned(SnapshotDiff change, Set<AdsStream> streams) {
    Map<AdsStream, String> proxies = new HashMap<>();
    for (AdsStream stream : streams) {
      stream.concerned(change).ifPresent(proxy -> proxies.put(stream, proxy));
    }
    return proxies;
  }
}
