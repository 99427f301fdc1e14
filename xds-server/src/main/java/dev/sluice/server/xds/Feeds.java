package dev.sluice.server.xds;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.snapshot.SnapshotDiff;
import dev.sluice.server.snapshot.SnapshotStore;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The feeds of all groups that a stream is open for, and the pushing of their editions: by the push
 * thread, one stream after another, from another one on each time.
 */
final class Feeds {
  private static final Logger LOG = LoggerFactory.getLogger(Feeds.class);

  private final SnapshotStore store;
  private final Executor pushThread;
  private final Map<NodeGroup, Feed> feeds = new HashMap<>();
  private int turn;

  /**
   * Feeds from {@code store}.
   *
   * @param pushThread runs what it is given in order, on one thread
   */
  Feeds(SnapshotStore store, Executor pushThread) {
    this.store = store;
    this.pushThread = pushThread;
  }

  /** The feed of {@code group}, which from now on serves {@code stream} too. */
  synchronized Feed join(NodeGroup group, AdsStream stream) {
    Feed feed = feeds.get(group);
    if (feed == null) {
      Feed opened = new Feed();
      feed = opened;
      feeds.put(group, opened);
      opened.watched(store.watch(group, (of, diff) -> published(opened, diff)));
    }
    feed.add(stream);
    return feed;
  }

  synchronized void leave(NodeGroup group, AdsStream stream) {
    Feed feed = feeds.get(group);
    if (feed != null && feed.remove(stream)) {
      feeds.remove(group);
      feed.close();
    }
  }

  /** Every stream that has joined. */
  synchronized List<AdsStream> streams() {
    List<AdsStream> all = new ArrayList<>();
    feeds.values().forEach(feed -> all.addAll(List.of(feed.streams())));
    return all;
  }

  private void published(Feed feed, SnapshotDiff diff) {
    feed.note(diff);
    if (feed.claim()) {
      try {
        pushThread.execute(() -> push(feed));
      } catch (RejectedExecutionException e) {
        LOG.debug("The server is stopping; a publication is not sent any more", e);
      }
    }
  }

  private void push(Feed feed) {
    feed.advance();
    AdsStream[] streams = feed.streams();
    int first = streams.length == 0 ? 0 : Math.floorMod(turn++, streams.length);
    for (int i = 0; i < streams.length; i++) {
      streams[(first + i) % streams.length].push();
    }
  }
}
