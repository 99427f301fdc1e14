package dev.sluice.server.xds;

import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.SnapshotDiff;

/**
 * Assignments that lose their last ready instance while the routes move away from them: the client
 * takes the routes first, or what is on its way meanwhile finds nobody to answer.
 */
final class Emptied {
  private Emptied() {}

  /** Whether the assignment {@code name} is to wait for the routes of the same publication. */
  static boolean waits(SnapshotDiff diff, String name) {
    return !diff.names(ResourceType.ROUTE).changed().isEmpty()
        && ReadyInstances.any(diff.before(), name)
        && !ReadyInstances.any(diff.after(), name);
  }
}
