package dev.sluice.server.snapshot;

import java.util.EnumMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** Names by type in which two snapshots may differ, to be added to. */
public final class Touched {
  private final EnumMap<ResourceType, SortedSet<String>> names = new EnumMap<>(ResourceType.class);

  /** None yet. */
  public Touched() {}

  /** Adds those that a difference changes or removes. */
  public Touched by(SnapshotDiff diff) {
    diff.types()
        .forEach(
            (type, differing) -> {
              of(type).addAll(differing.changed());
              of(type).addAll(differing.removed());
            });
    return this;
  }

  /** Adds those of these resources. */
  public Touched by(Map<ResourceType, Map<String, Resource>> resources) {
    resources.forEach((type, byName) -> of(type).addAll(byName.keySet()));
    return this;
  }

  private SortedSet<String> of(ResourceType type) {
    return names.computeIfAbsent(type, _ -> new TreeSet<>());
  }

  /** All of them. */
  public Map<ResourceType, SortedSet<String>> all() {
    return names;
  }
}
