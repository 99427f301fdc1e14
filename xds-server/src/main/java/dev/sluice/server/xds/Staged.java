package dev.sluice.server.xds;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotDiff;
import java.util.EnumMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** What proxies are served to which a changed configuration has not come yet. */
final class Staged {
  private Staged() {}

  /** Whether two snapshots differ in nothing but endpoints, which wait for nobody. */
  static boolean sameConfiguration(Snapshot one, Snapshot other) {
    for (ResourceType type : ResourceType.values()) {
      if (type != ResourceType.ENDPOINT && !one.hash(type).equals(other.hash(type))) {
        return false;
      }
    }
    return true;
  }

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

  /** Names by type, to be added to. */
  static final class Touched {
    private final EnumMap<ResourceType, SortedSet<String>> names =
        new EnumMap<>(ResourceType.class);

    /** Those that a difference changes or removes. */
    Touched by(SnapshotDiff diff) {
      diff.types()
          .forEach(
              (type, differing) -> {
                of(type).addAll(differing.changed());
                of(type).addAll(differing.removed());
              });
      return this;
    }

    /** Those in whose place others, or none, are served. */
    Touched by(Map<ResourceType, Map<String, Resource>> withdrawn) {
      withdrawn.forEach((type, resources) -> of(type).addAll(resources.keySet()));
      return this;
    }

    private SortedSet<String> of(ResourceType type) {
      return names.computeIfAbsent(type, _ -> new TreeSet<>());
    }

    /** All of them. */
    Map<ResourceType, SortedSet<String>> all() {
      return names;
    }
  }
}
