package dev.sluice.server.snapshot;

import java.util.EnumMap;
import java.util.TreeSet;

/**
 * Edits of one snapshot, of which the outcome is the next one and the difference; both cost what
 * the edits cost. For one thread, and for one use.
 */
public final class SnapshotBuilder {
  private final Snapshot before;
  private final EnumMap<ResourceType, TreeSet<String>> touched = new EnumMap<>(ResourceType.class);
  private Snapshot snapshot;

  /** Edits of {@code before}. */
  public SnapshotBuilder(Snapshot before) {
    this.before = before;
    this.snapshot = before;
  }

  /** Puts {@code resource} in place of the one with its type and name. */
  public SnapshotBuilder put(Resource resource) {
    snapshot = snapshot.with(resource);
    touch(resource.type(), resource.name());
    return this;
  }

  /** Takes out the resource of that type and name, if there is one. */
  public SnapshotBuilder remove(ResourceType type, String name) {
    snapshot = snapshot.without(type, name);
    touch(type, name);
    return this;
  }

  /** The edited snapshot; edits that came to nothing are no difference. */
  public SnapshotDiff build() {
    return SnapshotDiff.among(before, snapshot, touched);
  }

  private void touch(ResourceType type, String name) {
    touched.computeIfAbsent(type, t -> new TreeSet<>()).add(name);
  }
}
