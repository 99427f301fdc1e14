package dev.sluice.server.snapshot;

import dev.sluice.node.NodeGroup;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * One publication: what changed for which groups, and why. It holds counts and some names but no
 * resources, so that the history stays small.
 *
 * @param id counts the publications from 1, over restarts where the history is kept; it is no
 *     version
 * @param cause what brought it about, for people to read
 * @param reasons the first of what brought it about, one by one; empty for the first snapshot of a
 *     group
 * @param at when it was published
 * @param groups what changed for each group
 */
public record Revision(
    long id, String cause, List<Reason> reasons, Instant at, Map<NodeGroup, Summary> groups) {
  public Revision {
    Objects.requireNonNull(cause);
    reasons = List.copyOf(reasons);
    Objects.requireNonNull(at);
    groups = Map.copyOf(groups);
  }

  /**
   * The size of one group's difference.
   *
   * @param types what changed in each type; a type without differences is left out
   */
  public record Summary(Map<ResourceType, Counts> types) {
    public Summary {
      EnumMap<ResourceType, Counts> copy = new EnumMap<>(ResourceType.class);
      copy.putAll(types);
      types = Collections.unmodifiableMap(copy);
    }

    static Summary of(SnapshotDiff diff) {
      EnumMap<ResourceType, Counts> types = new EnumMap<>(ResourceType.class);
      diff.types().forEach((type, names) -> types.put(type, Counts.of(names)));
      return new Summary(types);
    }
  }

  /**
   * The size of one type's difference.
   *
   * @param changed how many resources are new or have another version
   * @param removed how many resources are gone
   * @param names the first of their names, at most {@link #NAMES_KEPT}
   */
  public record Counts(int changed, int removed, List<String> names) {
    /** How many names a revision keeps for each type. */
    public static final int NAMES_KEPT = 10;

    public Counts {
      names = List.copyOf(names);
    }

    static Counts of(SnapshotDiff.Names names) {
      return new Counts(
          names.changed().size(),
          names.removed().size(),
          Stream.concat(names.changed().stream(), names.removed().stream())
              .limit(NAMES_KEPT)
              .toList());
    }
  }
}
