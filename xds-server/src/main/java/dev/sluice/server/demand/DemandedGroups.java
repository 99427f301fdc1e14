package dev.sluice.server.demand;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.snapshot.SnapshotStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a group of proxies have its first snapshot once the services have been read that it depends
 * on: a proxy that comes back would lose those that are missing in it.
 *
 * <p>It waits for those alone that a source knows to be there and could not read yet. After {@link
 * #PATIENCE} it goes on without, so that a source that is down does not keep a new proxy from all
 * other services for ever.
 */
public final class DemandedGroups implements SnapshotStore.Demand {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Logger LOG = LoggerFactory.getLogger(DemandedGroups.class);

  private final Demand demand;
  private final SnapshotStore.Demand next;
  private final Executor settled;
  private final ScheduledExecutorService timer;
  private final Duration patience;
  private final Map<NodeGroup, Waiting> waiting = new HashMap<>();

  /** One that waits; it is not the same when the group's proxies have gone and come again. */
  private static final class Waiting {
    final long version;

    Waiting(long version) {
      this.version = version;
    }
  }

  /**
   * Groups in front of what builds their snapshots.
   *
   * @param next is told of a group once it need not wait any more
   * @param settled runs a task once all is in the catalog that sources told before
   * @param timer ends the waiting
   */
  public DemandedGroups(
      Demand demand, SnapshotStore.Demand next, Executor settled, ScheduledExecutorService timer) {
    this(demand, next, settled, timer, PATIENCE);
  }

  DemandedGroups(
      Demand demand,
      SnapshotStore.Demand next,
      Executor settled,
      ScheduledExecutorService timer,
      Duration patience) {
    this.patience = patience;
    this.demand = demand;
    this.next = next;
    this.settled = settled;
    this.timer = timer;
    demand.onChange(this::look);
  }

  @Override
  public void wanted(NodeGroup group) {
    Waiting one = new Waiting(demand.add(group, System.nanoTime()));
    synchronized (waiting) {
      waiting.put(group, one);
    }
    var _ = timer.schedule(() -> giveUp(group, one), patience.toMillis(), TimeUnit.MILLISECONDS);
    look();
  }

  @Override
  public void unwanted(NodeGroup group) {
    demand.remove(group);
    boolean told;
    synchronized (waiting) {
      told = waiting.remove(group) == null;
    }
    if (told) {
      next.unwanted(group);
    }
  }

  private void look() {
    List<Map.Entry<NodeGroup, Waiting>> ready = new ArrayList<>();
    synchronized (waiting) {
      waiting.entrySet().stream()
          .filter(one -> demand.isRead(one.getKey(), one.getValue().version))
          .map(Map.Entry::copyOf)
          .forEach(ready::add);
    }
    ready.forEach(one -> settled.execute(() -> goOn(one.getKey(), one.getValue())));
  }

  private void giveUp(NodeGroup group, Waiting one) {
    if (goOn(group, one)) {
      LOG.warn("{} begins with what is known: what it depends on was not read in time", group);
    }
  }

  private boolean goOn(NodeGroup group, Waiting one) {
    synchronized (waiting) {
      if (!one.equals(waiting.get(group))) {
        return false;
      }
      waiting.remove(group);
      next.wanted(group); // Within the lock: it must not come after an unwanted that is later.
      return true;
    }
  }
}
