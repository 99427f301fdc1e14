package dev.sluice.server.xds;

import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotDiff;

/** What proxies are served to which a changed configuration has not come yet. */
final class Staged {
  private Staged() {}

  /**
   * The configuration of {@code before} with the endpoints of {@code after}. What only the old
   * configuration uses stays as it was.
   */
  static Snapshot behind(Snapshot before, Snapshot after) {
    SnapshotDiff diff = SnapshotDiff.between(before, after);
    SnapshotDiff.Names endpoints = diff.names(ResourceType.ENDPOINT);
    Snapshot behind = before;
    for (String name : endpoints.changed()) {
      behind = behind.with(after.resource(ResourceType.ENDPOINT, name).orElseThrow());
    }
    for (String name : endpoints.removed()) {
      if (!before.usesAssignment(name) || after.usesAssignment(name)) {
        behind = behind.without(ResourceType.ENDPOINT, name);
      }
    }
    return behind;
  }

  /** Whether routes move because, or while, an assignment loses its last ready instance. */
  static boolean isUrgent(SnapshotDiff diff) {
    return diff.names(ResourceType.ENDPOINT).changed().stream()
        .anyMatch(name -> Emptied.waits(diff, name));
  }
}
