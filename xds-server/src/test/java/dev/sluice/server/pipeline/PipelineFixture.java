package dev.sluice.server.pipeline;

import static dev.sluice.server.pipeline.Shop.GATEWAY;
import static dev.sluice.server.pipeline.Shop.SOURCE;
import static dev.sluice.server.pipeline.Shop.document;
import static dev.sluice.server.pipeline.Shop.exposed;
import static dev.sluice.server.pipeline.Shop.group;
import static dev.sluice.server.pipeline.Shop.policyKey;
import static dev.sluice.server.pipeline.Shop.service;
import static java.util.Objects.requireNonNull;

import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.server.catalog.CatalogImage;
import dev.sluice.server.catalog.Change;
import dev.sluice.server.catalog.Folded;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotDiff;
import dev.sluice.server.snapshot.SnapshotStore;
import dev.sluice.source.SourceEntry;
import dev.sluice.source.SourceUpdate;
import dev.sluice.spec.Resilience;
import io.envoyproxy.envoy.config.core.v3.SocketAddress;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A pipeline that a source tells of changes, with its store, its clock, and what each watched group
 * was told.
 */
class PipelineFixture {
  final SnapshotStore store = new SnapshotStore();

  /** What the pipeline wants done, and when: time stands still until a test moves {@link #now}. */
  final NavigableMap<Instant, Runnable> later = new TreeMap<>();

  Instant now = Instant.parse("2026-03-01T10:00:00Z");
  final Pipeline pipeline =
      new Pipeline(Resilience.NONE, store, Runnable::run, () -> now, later::put);
  private final Map<NodeGroup, List<SnapshotDiff>> told = new HashMap<>();
  CatalogImage image = CatalogImage.EMPTY;

  PipelineFixture() {
    store.demand(pipeline);
  }

  void watch(NodeGroup group) {
    store.watch(group, (_, diff) -> told.computeIfAbsent(group, _ -> new ArrayList<>()).add(diff));
  }

  /**
   * Watches a gateway at which {@code orders} and {@code users} have a host each, and nothing else.
   */
  NodeGroup edgeOfOrdersAndUsers() {
    NodeGroup edge = group(Role.GATEWAY, "edge");
    watch(edge);
    tell(
        service("orders", 1),
        service("users", 1),
        document(GATEWAY),
        exposed("orders", "orders.example.com"),
        exposed("users", "users.example.com"));
    return edge;
  }

  void tell(SourceEntry... entries) {
    SourceUpdate[] updates = new SourceUpdate[entries.length];
    for (int i = 0; i < entries.length; i++) {
      updates[i] = new SourceUpdate.Upsert(entries[i]);
    }
    apply(updates);
  }

  void apply(SourceUpdate... updates) {
    Folded folded = image.apply(SOURCE, List.of(updates));
    image = folded.image();
    pipeline.changed(
        new Change(
            folded.catalog(),
            folded.documents(),
            folded.secrets(),
            new Change.Causes(
                new TreeSet<>(List.of(SOURCE)), folded.documents().changed(), Instant.EPOCH)));
  }

  Snapshot snapshot(NodeGroup group) {
    return store.current(group).orElseThrow();
  }

  SnapshotDiff last(NodeGroup group) {
    return told.getOrDefault(group, List.of()).getLast();
  }

  String routes(NodeGroup group) {
    return snapshot(group).resources(ResourceType.ROUTE).values().stream()
        .map(route -> route.message().toString())
        .reduce("", String::concat);
  }

  List<String> addresses(NodeGroup group, String assignment) {
    return sockets(group, assignment).map(SocketAddress::getAddress).toList();
  }

  List<Integer> ports(NodeGroup group, String assignment) {
    return sockets(group, assignment).map(SocketAddress::getPortValue).toList();
  }

  private Stream<SocketAddress> sockets(NodeGroup group, String assignment) {
    Resource resource =
        requireNonNull(
            snapshot(group).resources(ResourceType.ENDPOINT).get(assignment), assignment);
    return ((ClusterLoadAssignment) resource.message())
        .getEndpointsList().stream()
            .flatMap(locality -> locality.getLbEndpointsList().stream())
            .map(one -> one.getEndpoint().getAddress().getSocketAddress());
  }

  boolean accepted(String policy) {
    return requireNonNull(pipeline.statuses().get(policyKey(policy))).accepted();
  }
}
