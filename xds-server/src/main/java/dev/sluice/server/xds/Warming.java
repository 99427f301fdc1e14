package dev.sluice.server.xds;

import dev.sluice.server.snapshot.Resource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The clusters that one stream was sent, whose assignments the client may wait for. */
final class Warming {
  private List<Resource> clusters = List.of();

  /** A response of clusters was sent. */
  void sent(Changes changes) {
    clusters = clusters.isEmpty() ? changes.put() : both(clusters, changes.put());
  }

  /** One of each name, so that a client that never asks for assignments costs no more than that. */
  private static List<Resource> both(List<Resource> older, List<Resource> newer) {
    Set<String> names = newer.stream().map(Resource::name).collect(Collectors.toSet());
    return Stream.concat(
            older.stream().filter(cluster -> !names.contains(cluster.name())), newer.stream())
        .toList();
  }

  /** A cluster that is new or changed waits for its endpoints, also for those it had before. */
  void answer(TypeSubscription assignments, Shared shared, long epoch) {
    if (clusters.isEmpty()) {
      return;
    }
    boolean allDue = assignments.marks.everything() && assignments.sent.isEmpty();
    if (allDue && !assignments.wildcard) {
      clusters = shared.unasked(clusters, assignments.names);
      return;
    }
    List<Resource> left = new ArrayList<>();
    for (Resource cluster : clusters) {
      Optional<String> name = cluster.assignmentName();
      if (name.isEmpty()) {
        continue;
      }
      if (!assignments.subscribes(name.get())) {
        left.add(cluster);
      } else if (!allDue) {
        assignments.marks.force(name.get(), epoch);
      }
    }
    clusters = left.size() == clusters.size() ? clusters : List.copyOf(left);
  }

  /** The cluster of this assignment leaves the client. */
  void leave(String assignment) {
    clusters =
        clusters.stream()
            .filter(cluster -> !cluster.assignmentName().equals(Optional.of(assignment)))
            .toList();
  }
}
