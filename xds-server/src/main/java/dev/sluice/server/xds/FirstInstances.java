package dev.sluice.server.xds;

import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.SnapshotDiff;
import java.util.HashMap;
import java.util.Map;

/**
 * The assignments of one stream that got their first ready instance while the client owes an answer
 * to the assignments before them. Its routes, which lead there from now on, are not to overtake
 * them, or what they send there finds nobody to answer. Each is waited for until a deadline.
 */
final class FirstInstances {
  private final long deadline;
  private Map<String, Long> unsent = Map.of();

  /** None yet; each is waited for {@code deadline}, in nanoseconds. */
  FirstInstances(long deadline) {
    this.deadline = deadline;
  }

  /** A publication changed what {@code assignments} are to be. */
  void published(TypeSubscription assignments, SnapshotDiff diff, long now) {
    SnapshotDiff.Names names = diff.names(ResourceType.ENDPOINT);
    boolean overtakes = assignments.awaitsReply(); // Else they are sent first, in the same breath.
    if (unsent.isEmpty() && !overtakes) {
      return;
    }
    Map<String, Long> left = new HashMap<>(unsent);
    left.keySet().removeAll(names.removed());
    for (String name : names.changed()) {
      if (!ReadyInstances.any(diff.after(), name)) {
        left.remove(name);
      } else if (overtakes
          && assignments.subscribes(name)
          && !ReadyInstances.any(diff.before(), name)) {
        left.putIfAbsent(name, now + deadline);
      }
    }
    unsent = left.isEmpty() ? Map.of() : left;
  }

  /** No assignment is left to be sent. */
  void sent() {
    unsent = Map.of();
  }

  /** Until when routes wait; at most {@code now} when they need not. */
  long awaitedUntil(long now) {
    // The oldest wait counts, or a steady flow of them would hold routes back for ever.
    return Math.max(
        now, unsent.values().stream().mapToLong(Long::longValue).min().orElse(Long.MIN_VALUE));
  }
}
