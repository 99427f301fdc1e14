package dev.sluice.server.pipeline;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.demand.ServiceDemand;
import dev.sluice.server.snapshot.SnapshotStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets a group of proxies have its first snapshot once the services have been read that it is to
 * have: a proxy that comes back would lose those that are missing in it.
 *
 * <p>It waits for those alone that a source knows to be there and could not read yet. After {@link
 * #PATIENCE} it goes on without, so that a source that is down does not keep a new proxy from all
 * other services for ever.
 *
 * <p>Groups are noted on any thread; the timer's thread does everything else.
 */
public final class DemandedGroups implements SnapshotStore.Demand {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Logger LOG = LoggerFactory.getLogger(DemandedGroups.class);

  private final ServiceDemand demand;
  private final SnapshotStore.Demand next;
  private final Executor settled;
  private final ScheduledExecutorService timer;
  private final Duration patience;
  private final Queue<Noted> noted = new ConcurrentLinkedQueue<>();
  private final Set<NodeGroup> groups = new HashSet<>();
  private final Map<NodeGroup, Waiting> waiting = new HashMap<>();

  /** Whether the timer is to see to it: who has noted something before needs not say so again. */
  private volatile boolean scheduled;

  private sealed interface Noted {
    NodeGroup group();
  }

  private record Come(NodeGroup group) implements Noted {}

  private record Gone(NodeGroup group) implements Noted {}

  /** One that waits; another one when the group's proxies have gone and come again. */
  private static final class Waiting {
    boolean isRead;
  }

  /**
   * Groups in front of what builds their snapshots.
   *
   * @param next is told of a group once it need not wait any more
   * @param settled runs a task once all is in the catalog that sources told before
   * @param timer of one thread
   */
  public DemandedGroups(
      ServiceDemand demand,
      SnapshotStore.Demand next,
      Executor settled,
      ScheduledExecutorService timer) {
    this(demand, next, settled, timer, PATIENCE);
  }

  DemandedGroups(
      ServiceDemand demand,
      SnapshotStore.Demand next,
      Executor settled,
      ScheduledExecutorService timer,
      Duration patience) {
    this.demand = demand;
    this.next = next;
    this.settled = settled;
    this.timer = timer;
    this.patience = patience;
    demand.onChange(this::schedule);
  }

  @Override
  public void wanted(NodeGroup group) {
    noted.add(new Come(group));
    schedule();
  }

  @Override
  public void unwanted(NodeGroup group) {
    noted.add(new Gone(group));
    schedule();
  }

  private void schedule() {
    if (!scheduled) {
      scheduled = true; // Twice does no harm.
      timer.execute(this::work);
    }
  }

  private void work() {
    scheduled = false; // First: what is noted from here on is seen to once more.
    try {
      if (!noted.isEmpty()) {
        take();
      }
      look();
    } catch (RuntimeException e) {
      LOG.error("it could not be seen what new proxies wait for; they go on after a while", e);
    }
  }

  private void take() {
    for (Noted one = noted.poll(); one != null; one = noted.poll()) {
      NodeGroup group = one.group();
      switch (one) {
        case Come _ -> {
          Waiting begun = new Waiting();
          groups.add(group);
          waiting.put(group, begun);
          var _ =
              timer.schedule(
                  () -> giveUp(group, begun), patience.toMillis(), TimeUnit.MILLISECONDS);
        }
        case Gone _ -> {
          groups.remove(group);
          if (waiting.remove(group) == null) {
            next.unwanted(group);
          }
        }
      }
    }
    demand.groups(groups, System.nanoTime());
  }

  private void look() {
    List<NodeGroup> candidates = new ArrayList<>(waiting.keySet());
    for (NodeGroup group : candidates) {
      Waiting one = waiting.get(group);
      if (one != null && !one.isRead && demand.isRead(group)) {
        one.isRead = true;
        settled.execute(() -> timer.execute(() -> goOn(group, one)));
      }
    }
  }

  private void giveUp(NodeGroup group, Waiting one) {
    if (!one.isRead && goOn(group, one)) {
      LOG.warn("{} goes on with what is known: not all that it is to have could be read", group);
    }
  }

  private boolean goOn(NodeGroup group, Waiting one) {
    if (!one.equals(waiting.get(group))) {
      return false;
    }
    waiting.remove(group);
    next.wanted(group);
    return true;
  }
}
