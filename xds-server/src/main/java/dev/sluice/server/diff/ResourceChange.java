package dev.sluice.server.diff;

import dev.sluice.server.diff.DocumentChange.What;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.SnapshotDiff;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A resource that would differ.
 *
 * @param type its type
 * @param name its name
 * @param before as it is; empty where there is none
 * @param after as it would be; empty where there would be none
 */
public record ResourceChange(
    ResourceType type, String name, Optional<Resource> before, Optional<Resource> after) {

  /** Those of one group, in the order in which types are sent. */
  static List<ResourceChange> of(SnapshotDiff diff) {
    List<ResourceChange> changes = new ArrayList<>();
    for (ResourceType type : ResourceType.values()) {
      SnapshotDiff.Names names = diff.names(type);
      names.changed().forEach(name -> changes.add(of(type, name, diff)));
      names.removed().forEach(name -> changes.add(of(type, name, diff)));
    }
    return changes;
  }

  private static ResourceChange of(ResourceType type, String name, SnapshotDiff diff) {
    return new ResourceChange(
        type, name, diff.before().resource(type, name), diff.after().resource(type, name));
  }

  /** What would become of it. */
  public What what() {
    if (before.isEmpty()) {
      return What.ADDED;
    }
    return after.isEmpty() ? What.REMOVED : What.CHANGED;
  }
}
