package dev.sluice.server.xds;

import static dev.sluice.server.snapshot.ResourceType.CLUSTER;
import static dev.sluice.server.snapshot.ResourceType.LISTENER;
import static dev.sluice.server.snapshot.ResourceType.ROUTE;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotBuilder;
import dev.sluice.server.snapshot.SnapshotDiff;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Random snapshots of few names, in which every route names a cluster that there is. */
final class ModelSnapshots {
  /** How many names a type has at most. */
  static final int NAMES = 5;

  private final boolean routesStay;
  private Snapshot current = Snapshot.EMPTY;

  /** Snapshots whose routes are never removed, if so told; the first ones have a cluster each. */
  ModelSnapshots(boolean routesStay) {
    this.routesStay = routesStay;
    if (routesStay) {
      current = new SnapshotBuilder(current).put(Fixtures.cluster("n0", "v1")).build().after();
    }
  }

  Snapshot current() {
    return current;
  }

  /** The cluster that a route names. */
  static String clusterOf(Resource route) {
    String host = ((RouteConfiguration) route.message()).getVirtualHosts(0).getName();
    return host.substring(0, host.indexOf(' '));
  }

  /** Changes, adds and removes a few. */
  SnapshotDiff edit(Random choices) {
    SnapshotBuilder builder = new SnapshotBuilder(current);
    for (int edits = 1 + choices.nextInt(4); edits > 0; edits--) {
      ResourceType type = ModelClient.TYPES.get(choices.nextInt(3));
      String name = "n" + choices.nextInt(4);
      if (choices.nextInt(3) == 0) {
        builder.remove(type, name);
      } else {
        builder.put(resource(type, name, 1 + choices.nextInt(3)));
      }
    }
    Snapshot others = builder.build().after();
    if (routesStay && others.resources(CLUSTER).isEmpty()) {
      builder.put(resource(CLUSTER, "n" + choices.nextInt(4), 1));
    }
    route(builder, builder.build().after(), choices);
    return publish(builder);
  }

  /** Moves some routes, and all whose cluster is gone. */
  private void route(SnapshotBuilder builder, Snapshot others, Random choices) {
    List<String> clusters = new ArrayList<>(others.resources(CLUSTER).keySet());
    for (int i = 0; i < 4; i++) {
      String name = "n" + i;
      boolean lost =
          current
              .resource(ROUTE, name)
              .filter(route -> !clusters.contains(clusterOf(route)))
              .isPresent();
      if (clusters.isEmpty() || (!routesStay && choices.nextInt(6) == 0)) {
        builder.remove(ROUTE, name);
      } else if (lost || choices.nextInt(4) == 0) {
        String cluster = clusters.get(choices.nextInt(clusters.size()));
        builder.put(Fixtures.route(name, cluster + " v" + choices.nextInt(3)));
      }
    }
  }

  /** Gives every name a content that it never had, also those that were gone, and one more. */
  SnapshotDiff changeAll() {
    SnapshotBuilder builder = new SnapshotBuilder(current);
    for (String name : List.of("n0", "n1", "n2", "n3", "new")) {
      for (ResourceType type : ModelClient.TYPES) {
        builder.put(type == ROUTE ? Fixtures.route(name, name + " v9") : resource(type, name, 9));
      }
    }
    return publish(builder);
  }

  private SnapshotDiff publish(SnapshotBuilder builder) {
    SnapshotDiff diff = builder.build();
    current = diff.after();
    return diff;
  }

  private static Resource resource(ResourceType type, String name, int content) {
    if (type == CLUSTER) {
      return Fixtures.cluster(name, "v" + content);
    }
    return type == LISTENER
        ? Fixtures.listener(name, "v" + content)
        : Fixtures.assignment(name, content);
  }
}
