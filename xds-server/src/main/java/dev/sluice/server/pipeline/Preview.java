package dev.sluice.server.pipeline;

import dev.sluice.node.NodeGroup;
import dev.sluice.policy.attach.PolicyStatus;
import dev.sluice.problem.Problem;
import dev.sluice.server.snapshot.SnapshotDiff;
import dev.sluice.spec.DocumentKey;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a change would come to.
 *
 * @param groups for each group that proxies are connected for, the difference to what it would have
 * @param policies what would become of each policy
 * @param held what would be otherwise in force than it is told, because of a pin
 * @param problems what would be wrong that is not wrong now, sorted
 */
public record Preview(
    Map<NodeGroup, SnapshotDiff> groups,
    SortedMap<DocumentKey, PolicyStatus> policies,
    List<HeldBack> held,
    List<Problem> problems) {
  public Preview {
    groups = Map.copyOf(groups);
    policies = Collections.unmodifiableSortedMap(new TreeMap<>(policies));
    held = List.copyOf(held);
    problems = List.copyOf(problems);
  }
}
