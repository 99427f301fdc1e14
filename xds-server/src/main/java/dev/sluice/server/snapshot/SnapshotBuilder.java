package dev.sluice.server.snapshot;

import java.util.EnumMap;
import java.util.Optional;
import java.util.Set;
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
    EnumMap<ResourceType, SnapshotDiff.Names> types = new EnumMap<>(ResourceType.class);
    touched.forEach((type, names) -> types.put(type, difference(type, names)));
    return new SnapshotDiff(before, snapshot, types);
  }

  private void touch(ResourceType type, String name) {
    touched.computeIfAbsent(type, t -> new TreeSet<>()).add(name);
  }

  private SnapshotDiff.Names difference(ResourceType type, Set<String> names) {
    TreeSet<String> changed = new TreeSet<>();
    TreeSet<String> removed = new TreeSet<>();
    for (String name : names) {
      Optional<Resource> old = before.resource(type, name);
      Optional<Resource> now = snapshot.resource(type, name);
      if (now.isEmpty() && old.isPresent()) {
        removed.add(name);
      } else if (!now.equals(old)) {
        changed.add(name);
      }
    }
    return new SnapshotDiff.Names(changed, removed);
  }
}
