package dev.sluice.bench.load;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.snapshot.Provenance;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotBuilder;
import dev.sluice.server.snapshot.SnapshotDiff;
import dev.sluice.server.snapshot.SnapshotStore;
import dev.sluice.server.transport.TlsFiles;
import dev.sluice.server.transport.TlsFilesException;
import dev.sluice.server.transport.TransportMetrics;
import dev.sluice.server.transport.TransportSettings;
import dev.sluice.server.xds.XdsMetrics;
import dev.sluice.server.xds.XdsServer;
import dev.sluice.server.xds.XdsServerSettings;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** This repository's engine: the store, to which a thread publishes as the pipeline's does. */
final class SluiceUnderTest implements ServerUnderTest, SnapshotStore.Demand {
  private final Contents contents;
  private final SnapshotStore store = new SnapshotStore();
  private final XdsServer server;

  /** The store's one writer, which alone touches the groups and the snapshot. */
  private final ExecutorService writer = Executors.newSingleThreadExecutor();

  private final Set<NodeGroup> groups = new HashSet<>();
  private Snapshot snapshot = Snapshot.EMPTY;

  SluiceUnderTest(Contents contents, Transport transport) {
    this.contents = contents;
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server =
        new XdsServer(
            XdsServerSettings.at(any), store, XdsMetrics.NONE, secured(transport), List.of());
  }

  /** The server's own transport, without its limits: the other servers have none. */
  private static dev.sluice.server.transport.Transport secured(Transport transport) {
    TlsFiles files =
        transport
            .certificates()
            .map(it -> new TlsFiles(it.certificate("server"), it.key("server"), it.authority()))
            .orElse(null);
    try {
      return dev.sluice.server.transport.Transport.of(
          TransportSettings.OPEN.withTls(files), TransportMetrics.NONE);
    } catch (TlsFilesException e) {
      throw new IllegalStateException("the benchmark's certificates are not accepted", e);
    }
  }

  @Override
  public int start(int last) throws IOException {
    SnapshotBuilder builder = new SnapshotBuilder(Snapshot.EMPTY);
    for (Cluster cluster : contents.allClusters()) {
      builder.put(Resource.of(ResourceType.CLUSTER, cluster.getName(), cluster, Provenance.NONE));
    }
    contents.allAssignments(last).forEach(assignment -> builder.put(resource(assignment)));
    snapshot = builder.build().after();
    store.demand(this);
    server.start();
    server.ready();
    return server.port();
  }

  @Override
  public void wanted(NodeGroup group) {
    writer.execute(
        () -> {
          groups.add(group);
          SnapshotDiff first = SnapshotDiff.between(Snapshot.EMPTY, snapshot);
          store.publish("first", Instant.now(), Map.of(group, first));
        });
  }

  @Override
  public void unwanted(NodeGroup group) {
    writer.execute(() -> groups.remove(group));
  }

  @Override
  public long publish(int change) {
    return CompletableFuture.supplyAsync(() -> published(change), writer).join();
  }

  private long published(int change) {
    SnapshotDiff diff =
        new SnapshotBuilder(snapshot).put(resource(contents.changed(change))).build();
    Map<NodeGroup, SnapshotDiff> diffs = new HashMap<>();
    groups.forEach(group -> diffs.put(group, diff));
    long start = System.nanoTime();
    store.publish("change", Instant.now(), diffs);
    long took = System.nanoTime() - start;
    snapshot = diff.after();
    return took;
  }

  private static Resource resource(ClusterLoadAssignment assignment) {
    return Resource.of(
        ResourceType.ENDPOINT, assignment.getClusterName(), assignment, Provenance.NONE);
  }

  @Override
  public void close() {
    server.close();
    writer.shutdown();
  }
}
