package dev.sluice.server.snapshot;

import dev.sluice.node.NodeGroup;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The current snapshot of every group that a proxy is connected for. One writer, the pipeline's
 * thread, publishes; any thread reads and watches.
 *
 * <p>A group comes with its first watch and goes with its last; the {@link Demand} is told both, so
 * that the writer builds snapshots only for groups that somebody wants.
 */
public final class SnapshotStore {
  /** How many publications are remembered. */
  public static final int REVISIONS_KEPT = 100;

  /** What the writer is told about groups. It is called under the store's lock: it only notes. */
  public interface Demand {
    /** A first stream waits for a snapshot of {@code group}. */
    void wanted(NodeGroup group);

    /** The last stream of {@code group} is gone, and the group's snapshot with it. */
    void unwanted(NodeGroup group);
  }

  /** Who watches a group. It is called under the store's lock: it only notes. */
  @FunctionalInterface
  public interface Watcher {
    /**
     * The group has another snapshot, {@code diff.after()}. The first difference that a watcher is
     * told starts at {@link Snapshot#EMPTY}, each later one where the one before it ended.
     */
    void published(NodeGroup group, SnapshotDiff diff);
  }

  /** A watch, until it is closed. */
  public interface Watch extends AutoCloseable {
    /** Ends the watch; the watcher is not called again. A second call does nothing. */
    @Override
    void close();
  }

  private static final class Group {
    final Set<Registration> registrations = new HashSet<>();
    Optional<Snapshot> snapshot = Optional.empty();
  }

  private final Object lock = new Object();
  private final Map<NodeGroup, Group> groups = new HashMap<>();
  private final ArrayDeque<Revision> revisions = new ArrayDeque<>();
  private Optional<Demand> demand = Optional.empty();
  private long lastRevision;

  /** A store whose revisions are counted from 1. */
  public SnapshotStore() {
    this(0);
  }

  /**
   * A store that goes on counting.
   *
   * @param lastRevision the number of the newest revision of an earlier process; 0 for none
   */
  public SnapshotStore(long lastRevision) {
    this.lastRevision = lastRevision;
  }

  /** Names the writer, which is told at once of the groups that are wanted already. */
  public void demand(Demand writer) {
    synchronized (lock) {
      demand = Optional.of(writer);
      groups.keySet().forEach(writer::wanted);
    }
  }

  /**
   * Watches {@code group}. Where it has a snapshot, the watcher is told before this returns,
   * otherwise as soon as the writer has published one.
   */
  public Watch watch(NodeGroup group, Watcher watcher) {
    synchronized (lock) {
      Group watched = groups.get(group);
      if (watched == null) {
        watched = new Group();
        groups.put(group, watched);
        demand.ifPresent(writer -> writer.wanted(group));
      }
      Registration registration = new Registration(group, watcher);
      watched.registrations.add(registration);
      watched.snapshot.ifPresent(
          snapshot -> watcher.published(group, SnapshotDiff.between(Snapshot.EMPTY, snapshot)));
      return registration;
    }
  }

  /** The current snapshot of {@code group}, if it is wanted and has been published. */
  public Optional<Snapshot> current(NodeGroup group) {
    synchronized (lock) {
      Group watched = groups.get(group);
      return watched == null ? Optional.empty() : watched.snapshot;
    }
  }

  /** The groups that somebody watches, with or without a snapshot. */
  public Set<NodeGroup> groups() {
    synchronized (lock) {
      return Set.copyOf(groups.keySet());
    }
  }

  /** Publishes what no change brought about, see below. */
  public Revision publish(String cause, Instant at, Map<NodeGroup, SnapshotDiff> diffs) {
    return publish(cause, List.of(), at, diffs);
  }

  /**
   * Publishes the next snapshots of several groups at once: no reader sees some of them only. A
   * group that nobody wants any more is passed over. A group's first snapshot is told its watchers
   * even when it is empty; later ones when they differ.
   *
   * @param cause what brought it about, for people to read
   * @param reasons the same, one by one
   * @param at when
   * @param diffs for each group the difference to its next snapshot; one that does not start at the
   *     group's current snapshot ({@link Snapshot#EMPTY} when it has none) is computed anew
   */
  public Revision publish(
      String cause, List<Reason> reasons, Instant at, Map<NodeGroup, SnapshotDiff> diffs) {
    synchronized (lock) {
      Map<NodeGroup, Revision.Summary> summaries = new HashMap<>();
      Map<Revision.Summary, Revision.Summary> shared = new HashMap<>();
      Map<NodeGroup, SnapshotDiff> news = new HashMap<>();
      diffs.forEach(
          (group, given) -> {
            Group watched = groups.get(group);
            if (watched == null) {
              return;
            }
            SnapshotDiff diff = continued(watched, given);
            if (watched.snapshot.isEmpty() || !diff.isEmpty()) {
              news.put(group, diff);
              Revision.Summary summary = Revision.Summary.of(diff);
              summaries.put(group, shared.computeIfAbsent(summary, same -> same));
            }
            watched.snapshot = Optional.of(diff.after());
          });
      Revision revision = new Revision(++lastRevision, cause, reasons, at, summaries);
      if (!summaries.isEmpty()) {
        remember(revision);
      }
      news.forEach(this::tell);
      return revision;
    }
  }

  /**
   * The last publications that changed something, the newest last; at most {@link #REVISIONS_KEPT}.
   */
  public List<Revision> revisions() {
    synchronized (lock) {
      return List.copyOf(revisions);
    }
  }

  /** The newest revision's number; 0 before the first. */
  public long lastRevision() {
    synchronized (lock) {
      return lastRevision;
    }
  }

  /** The difference from what the watchers were told last, which is nearly always the given one. */
  @SuppressWarnings("ReferenceEquality") // an equal copy may be told as well, it only costs more
  private static SnapshotDiff continued(Group watched, SnapshotDiff diff) {
    Snapshot told = watched.snapshot.orElse(Snapshot.EMPTY);
    return diff.before() == told ? diff : SnapshotDiff.between(told, diff.after());
  }

  private void remember(Revision revision) {
    revisions.addLast(revision);
    if (revisions.size() > REVISIONS_KEPT) {
      revisions.removeFirst();
    }
  }

  private void tell(NodeGroup group, SnapshotDiff diff) {
    Group watched = groups.get(group);
    if (watched != null) {
      watched.registrations.forEach(registration -> registration.watcher.published(group, diff));
    }
  }

  private void end(Registration registration) {
    synchronized (lock) {
      Group watched = groups.get(registration.group);
      if (watched == null || !watched.registrations.remove(registration)) {
        return;
      }
      if (watched.registrations.isEmpty()) {
        groups.remove(registration.group);
        demand.ifPresent(writer -> writer.unwanted(registration.group));
      }
    }
  }

  private final class Registration implements Watch {
    final NodeGroup group;
    final Watcher watcher;

    Registration(NodeGroup group, Watcher watcher) {
      this.group = group;
      this.watcher = watcher;
    }

    @Override
    public void close() {
      end(this);
    }
  }
}
