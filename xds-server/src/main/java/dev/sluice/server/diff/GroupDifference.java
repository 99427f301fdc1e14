package dev.sluice.server.diff;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.snapshot.SnapshotDiff;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What would differ for groups of proxies for which the same would.
 *
 * @param groups the groups, sorted
 * @param resources what would differ, not empty
 */
public record GroupDifference(List<Proxies> groups, List<ResourceChange> resources) {
  /**
   * A group.
   *
   * @param group what its proxies have in common
   * @param connected how many of them are connected
   */
  public record Proxies(NodeGroup group, int connected) {}

  public GroupDifference {
    groups = List.copyOf(groups);
    resources = List.copyOf(resources);
  }

  /** Those that differ, the groups with the same differences together. */
  static List<GroupDifference> of(
      Map<NodeGroup, SnapshotDiff> diffs, Map<NodeGroup, Integer> proxies) {
    Map<List<ResourceChange>, List<Proxies>> same = new LinkedHashMap<>();
    diffs.entrySet().stream()
        .filter(entry -> !entry.getValue().isEmpty())
        .sorted(Comparator.comparing(entry -> entry.getKey().toString()))
        .forEach(
            entry ->
                same.computeIfAbsent(ResourceChange.of(entry.getValue()), _ -> new ArrayList<>())
                    .add(new Proxies(entry.getKey(), proxies.getOrDefault(entry.getKey(), 0))));
    return same.entrySet().stream()
        .map(entry -> new GroupDifference(entry.getValue(), entry.getKey()))
        .toList();
  }

  /** How many proxies are in the groups. */
  public int proxies() {
    return groups.stream().mapToInt(Proxies::connected).sum();
  }
}
