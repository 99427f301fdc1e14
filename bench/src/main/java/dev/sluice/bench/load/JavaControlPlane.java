package dev.sluice.bench.load;

import io.envoyproxy.controlplane.cache.v3.SimpleCache;
import io.envoyproxy.controlplane.cache.v3.Snapshot;
import io.envoyproxy.controlplane.server.DefaultExecutorGroup;
import io.envoyproxy.controlplane.server.V3DiscoveryServer;
import io.envoyproxy.controlplane.server.serializer.CachedProtoResourcesSerializer;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import io.grpc.Server;
import java.io.IOException;
import java.util.List;

/**
 * java-control-plane with its {@code SimpleCache}, as fast as its own settings make it: resources
 * are serialized once for all streams, clusters keep their version while endpoints change, and no
 * thread hands work to another.
 */
final class JavaControlPlane implements ServerUnderTest {
  private static final String GROUP = "all";

  private final SimpleCache<String> cache = new SimpleCache<>(node -> GROUP);
  private final Contents contents;
  private final List<Cluster> clusters;
  private final Server server;
  private List<ClusterLoadAssignment> assignments = List.of();

  JavaControlPlane(Contents contents, Transport transport) {
    this.contents = contents;
    this.clusters = contents.allClusters();
    V3DiscoveryServer xds =
        new V3DiscoveryServer(
            List.of(), cache, new DefaultExecutorGroup(), new CachedProtoResourcesSerializer());
    server =
        transport
            .server()
            .directExecutor()
            .addService(xds.getAggregatedDiscoveryServiceImpl())
            .build();
  }

  @Override
  public int start(int last) throws IOException {
    assignments = contents.allAssignments(last);
    cache.setSnapshot(GROUP, snapshot(last));
    return server.start().getPort();
  }

  @Override
  public long publish(int change) {
    assignments.set(contents.clusterOf(change), contents.changed(change));
    Snapshot snapshot = snapshot(change);
    long start = System.nanoTime();
    cache.setSnapshot(GROUP, snapshot);
    return System.nanoTime() - start;
  }

  private Snapshot snapshot(int change) {
    return Snapshot.create(
        clusters,
        "0",
        assignments,
        Integer.toString(change),
        List.of(),
        "0",
        List.of(),
        "0",
        List.of(),
        "0");
  }

  @Override
  public void close() {
    server.shutdownNow();
  }
}
