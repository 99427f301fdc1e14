package dev.sluice.server.diff;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.load.Load;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.SnapshotDiff;
import dev.sluice.server.xds.NodeStatus;
import dev.sluice.server.xds.Quarantined;
import io.envoyproxy.envoy.config.core.v3.HealthStatus;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.envoyproxy.envoy.config.endpoint.v3.LbEndpoint;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** What people should know of a change before they make it, each said once. */
final class Warnings {
  private static final int MOST = 100;

  private final Set<String> found = new LinkedHashSet<>();

  private Warnings() {}

  /** Those of the differences of all groups. */
  static List<String> of(
      Map<NodeGroup, SnapshotDiff> diffs,
      List<NodeStatus> proxies,
      Load load,
      List<Quarantined> quarantine) {
    Warnings warnings = new Warnings();
    Map<NodeGroup, Set<String>> nodes =
        proxies.stream()
            .collect(
                Collectors.groupingBy(
                    NodeStatus::group, Collectors.mapping(NodeStatus::id, Collectors.toSet())));
    Set<String> concerned =
        diffs.entrySet().stream()
            .filter(entry -> !entry.getValue().isEmpty())
            .flatMap(entry -> nodes.getOrDefault(entry.getKey(), Set.of()).stream())
            .collect(Collectors.toSet());
    Rates rates = Rates.of(load, concerned);
    diffs.entrySet().stream()
        .filter(entry -> !entry.getValue().isEmpty())
        .sorted(Comparator.comparing(entry -> entry.getKey().toString()))
        .forEach(
            entry -> {
              warnings.found.addAll(RemovedRoutes.of(entry.getValue(), rates));
              warnings.empty(entry.getValue());
              warnings.gone(entry.getValue(), rates);
              warnings.quarantined(entry.getKey(), entry.getValue(), quarantine);
            });
    return warnings.found.stream().limit(MOST).toList();
  }

  /** Clusters that have, or would be new with, no instance that takes requests. */
  private void empty(SnapshotDiff diff) {
    for (String name : diff.names(ResourceType.ENDPOINT).changed()) {
      int after = ready(diff.after().resource(ResourceType.ENDPOINT, name).orElseThrow());
      int before =
          diff.before().resource(ResourceType.ENDPOINT, name).map(Warnings::ready).orElse(-1);
      if (after == 0 && before != 0) {
        found.add(
            before < 0
                ? "the new cluster %s has no instance that takes requests".formatted(name)
                : "leaves the cluster %s without an instance that takes requests; it has %d"
                    .formatted(name, before));
      }
    }
  }

  private static int ready(Resource resource) {
    return (int)
        ((ClusterLoadAssignment) resource.message())
            .getEndpointsList().stream()
                .flatMap(locality -> locality.getLbEndpointsList().stream())
                .filter(Warnings::takesRequests)
                .count();
  }

  private static boolean takesRequests(LbEndpoint endpoint) {
    return endpoint.getHealthStatus() == HealthStatus.UNKNOWN
        || endpoint.getHealthStatus() == HealthStatus.HEALTHY;
  }

  private void gone(SnapshotDiff diff, Rates rates) {
    for (String name : diff.names(ResourceType.CLUSTER).removed()) {
      rates
          .ofMinute(name)
          .ifPresent(
              requests ->
                  found.add(
                      "removes the cluster %s, to which some %,d requests a minute go"
                          .formatted(name, requests)));
    }
  }

  private void quarantined(NodeGroup group, SnapshotDiff diff, List<Quarantined> quarantine) {
    for (Quarantined one : quarantine) {
      if (one.group().equals(group) && diff.names(one.type()).changed().contains(one.name())) {
        found.add(
            "%s %s is in quarantine since %s (%s refused it: %s): who has not got it is sent the new one only where that differs from what was refused"
                .formatted(
                    one.type().shortName(), one.name(), one.since(), one.proxy(), one.message()));
      }
    }
  }
}
