package dev.sluice.server.snapshot;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The difference between two snapshots.
 *
 * @param before the snapshot that was
 * @param after the snapshot that is
 * @param types what differs; a type without differences is left out
 */
public record SnapshotDiff(Snapshot before, Snapshot after, Map<ResourceType, Names> types) {
  /**
   * What differs in one type.
   *
   * @param changed names of resources that are new or have another version
   * @param removed names of resources that are gone
   */
  public record Names(SortedSet<String> changed, SortedSet<String> removed) {
    /** No difference. */
    public static final Names NONE =
        new Names(Collections.emptySortedSet(), Collections.emptySortedSet());

    public Names {
      changed = Collections.unmodifiableSortedSet(new TreeSet<>(changed));
      removed = Collections.unmodifiableSortedSet(new TreeSet<>(removed));
    }

    boolean isEmpty() {
      return changed.isEmpty() && removed.isEmpty();
    }
  }

  public SnapshotDiff {
    Objects.requireNonNull(before);
    Objects.requireNonNull(after);
    EnumMap<ResourceType, Names> copy = new EnumMap<>(ResourceType.class);
    types.forEach(
        (type, names) -> {
          if (!names.isEmpty()) {
            copy.put(type, names);
          }
        });
    types = Collections.unmodifiableMap(copy);
  }

  /** No difference from {@code snapshot}. */
  public static SnapshotDiff none(Snapshot snapshot) {
    return new SnapshotDiff(snapshot, snapshot, Map.of());
  }

  /**
   * The difference between two snapshots of any history. Types that the two share cost nothing;
   * others cost their number of resources.
   */
  public static SnapshotDiff between(Snapshot before, Snapshot after) {
    EnumMap<ResourceType, Names> types = new EnumMap<>(ResourceType.class);
    for (ResourceType type : ResourceType.values()) {
      types.put(type, names(before.resources(type), after.resources(type)));
    }
    return new SnapshotDiff(before, after, types);
  }

  /**
   * The difference from where the first of {@code steps} starts to where the last ends, each
   * starting where the one before ends; costs what the steps differ in.
   */
  public static SnapshotDiff through(List<SnapshotDiff> steps) {
    if (steps.size() == 1) {
      return steps.getFirst();
    }
    Touched touched = new Touched();
    steps.forEach(touched::by);
    return among(steps.getFirst().before(), steps.getLast().after(), touched.all());
  }

  /** The difference between two snapshots that are equal but for {@code touched}. */
  public static SnapshotDiff among(
      Snapshot before, Snapshot after, Map<ResourceType, ? extends SortedSet<String>> touched) {
    EnumMap<ResourceType, Names> types = new EnumMap<>(ResourceType.class);
    touched.forEach((type, names) -> types.put(type, names(type, names, before, after)));
    return new SnapshotDiff(before, after, types);
  }

  private static Names names(
      ResourceType type, Set<String> touched, Snapshot before, Snapshot after) {
    TreeSet<String> changed = new TreeSet<>();
    TreeSet<String> removed = new TreeSet<>();
    for (String name : touched) {
      Optional<Resource> old = before.resource(type, name);
      Optional<Resource> now = after.resource(type, name);
      if (now.isEmpty() && old.isPresent()) {
        removed.add(name);
      } else if (!now.equals(old)) {
        changed.add(name);
      }
    }
    return new Names(changed, removed);
  }

  /** Snapshots share the maps that did not change, so identity is a cheap and frequent answer. */
  @SuppressWarnings("ReferenceEquality")
  private static Names names(
      SortedMap<String, Resource> before, SortedMap<String, Resource> after) {
    if (before == after) {
      return Names.NONE;
    }
    TreeSet<String> changed = new TreeSet<>();
    TreeSet<String> removed = new TreeSet<>();
    after.forEach(
        (name, resource) -> {
          Resource old = before.get(name);
          if (!resource.equals(old)) {
            changed.add(name);
          }
        });
    before.forEach(
        (name, old) -> {
          if (!after.containsKey(name)) {
            removed.add(name);
          }
        });
    return new Names(changed, removed);
  }

  /** What differs in {@code type}. */
  public Names names(ResourceType type) {
    return types.getOrDefault(type, Names.NONE);
  }

  /** Whether the two snapshots have equal content. */
  public boolean isEmpty() {
    return types.isEmpty();
  }
}
