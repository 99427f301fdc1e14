package dev.sluice.server.diff;

import com.google.protobuf.ByteString;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.SourceName;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.server.catalog.CatalogImage;
import dev.sluice.server.catalog.Change;
import dev.sluice.server.history.History;
import dev.sluice.server.load.Load;
import dev.sluice.server.pipeline.Pipeline;
import dev.sluice.server.rollback.RollbackFacts;
import dev.sluice.server.rollback.Rollbacks;
import dev.sluice.server.rollout.MemoryStates;
import dev.sluice.server.rollout.RolloutFacts;
import dev.sluice.server.rollout.RolloutMetrics;
import dev.sluice.server.rollout.Rollouts;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.ResourceVersions;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotStore;
import dev.sluice.server.source.StaticServices;
import dev.sluice.server.xds.NodeStatus;
import dev.sluice.server.xds.Variant;
import dev.sluice.source.SourceEntry.OfDocument;
import dev.sluice.source.SourceEntry.OfService;
import dev.sluice.source.SourceUpdate;
import dev.sluice.source.SourceUpdate.Upsert;
import dev.sluice.spec.Document;
import dev.sluice.spec.Resilience;
import dev.sluice.spec.StaticService;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** A pipeline with documents of a source and connected proxies, beside which diffs are made. */
public final class LiveState {
  public static final SourceName FILES = new SourceName("file", "files");
  public static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

  /** A service that a document describes. */
  public static final String SERVICE =
      """
      apiVersion: sluice.dev/v1
      kind: StaticService
      metadata: {name: orders, namespace: shop}
      spec:
        ports: [{name: http, port: 80}]
        endpoints: [{address: 10.0.0.1, port: 8080}]
      """;

  /** A canary of that service, whose versions have an instance each. */
  public static final String ROLLOUT =
      """
      apiVersion: sluice.dev/v1
      kind: StaticService
      metadata: {name: orders, namespace: shop}
      spec:
        ports: [{name: http, port: 80}]
        endpoints:
          - {address: 10.0.0.1, port: 8080, labels: {version: v1}}
          - {address: 10.0.0.2, port: 8080, labels: {version: v2}}
      ---
      apiVersion: sluice.dev/v1
      kind: TrafficPolicy
      metadata: {name: orders, namespace: shop}
      spec:
        target: {service: orders}
        versions: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
        rollout:
          canary:
            from: v1
            to: v2
            steps: [{weight: 10, hold: 1m}, {weight: 50, approve: manual}]
      """;

  /** The same, measured by somebody who never answers. */
  public static final String MEASURED =
      ROLLOUT + "      analysis: {delay: 1s, webhook: {url: 'http://127.0.0.1:1/'}}\n";

  public final SnapshotStore store;
  public final History history;
  public final Pipeline pipeline;

  /** What is to be done, and when: time stands still until a test moves {@link #now}. */
  public final NavigableMap<Instant, Runnable> later = new TreeMap<>();

  public Instant now = NOW;
  public CatalogImage image = CatalogImage.EMPTY;
  public final List<NodeStatus> proxies = new ArrayList<>();

  /** How often a rollback has looked at the proxies. */
  public final AtomicInteger looks = new AtomicInteger();

  public boolean synced = true;
  public Load load = Load.of(List.of());

  /** Nothing but a pipeline that is told of groups. */
  public LiveState() {
    this(History.inMemory());
  }

  /** One that goes on with a history. */
  public LiveState(History history) {
    this.history = history;
    store = new SnapshotStore(history.last());
    pipeline = new Pipeline(Resilience.NONE, store, Runnable::run, () -> now, later::put);
    pipeline.recorder(history::published);
    store.demand(pipeline);
  }

  /** Sidecars of a service, so many of them connected. */
  public NodeGroup sidecars(String service, int number) {
    NodeGroup group =
        new NodeGroup(
            Role.SIDECAR,
            new ServiceId(service, "shop"),
            new TreeSet<>(),
            new TreeMap<>(),
            Locality.UNKNOWN,
            NodeGroup.DEFAULT_OUTBOUND_PORT,
            List.of());
    store.watch(group, (_, _) -> {});
    for (int i = 0; i < number; i++) {
      proxies.add(
          new NodeStatus(
              service + "-" + i,
              group,
              "envoy",
              ByteString.EMPTY,
              Variant.DELTA,
              NOW,
              Snapshot.EMPTY,
              Collections.emptyMap()));
    }
    return group;
  }

  /** Has all connected proxies ask for routes, and answer nothing that they are sent. */
  public void fallSilent() {
    NodeStatus.TypeStatus asked =
        new NodeStatus.TypeStatus(
            new TreeSet<>(Set.of("*")),
            "v1",
            "",
            NodeStatus.Sync.WAITING,
            Optional.empty(),
            new TreeMap<>(),
            "",
            Optional.of(NOW));
    proxies.replaceAll(one -> asking(one, asked));
  }

  /** Has one that is connected acknowledge the routes of this moment, and ask for no more. */
  public void answer(String proxy) {
    proxies.replaceAll(one -> one.id().equals(proxy) ? answered(one) : one);
  }

  private NodeStatus answered(NodeStatus one) {
    SortedMap<String, ResourceVersions> routes = new TreeMap<>();
    store
        .current(one.group())
        .orElse(Snapshot.EMPTY)
        .resources(ResourceType.ROUTE)
        .forEach((name, it) -> routes.put(name, new ResourceVersions(it.version(), it.version())));
    NodeStatus.TypeStatus synced =
        new NodeStatus.TypeStatus(
            new TreeSet<>(Set.of("*")),
            "v2",
            "v2",
            NodeStatus.Sync.SYNCED,
            Optional.empty(),
            routes,
            "",
            Optional.empty());
    return asking(one, synced);
  }

  /** The same proxy, which asks for routes alone. */
  private static NodeStatus asking(NodeStatus one, NodeStatus.TypeStatus routes) {
    return new NodeStatus(
        one.id(),
        one.group(),
        one.userAgent(),
        one.node(),
        one.variant(),
        one.connectedSince(),
        one.served(),
        Map.of(ResourceType.ROUTE, routes));
  }

  /** Has the files hold the documents of a text, beside what they held. */
  public void tell(String file, String text) {
    List<SourceUpdate> updates = new ArrayList<>();
    DocumentParser.reader().read(file, text).items().stream()
        .flatMap(item -> item.document().stream())
        .forEach(it -> add(it, updates));
    apply(updates);
  }

  private static void add(Document document, List<SourceUpdate> updates) {
    updates.add(new Upsert(new OfDocument(document)));
    if (document instanceof StaticService service) {
      updates.add(new Upsert(new OfService(StaticServices.service(service, FILES))));
    }
  }

  /** Has the files tell something. */
  public void apply(List<SourceUpdate> updates) {
    Change change = image.changeBy(new TreeMap<>(Map.of(FILES, updates)), NOW);
    image = image.apply(FILES, updates).image();
    pipeline.changed(change);
    if (!pipeline.isSynced()) {
      pipeline.synced();
    }
  }

  /** Rollbacks of what is live here. */
  public Rollbacks rollbacks() {
    return Rollbacks.inMemory(facts(), Rollbacks.Writing.ON, () -> now);
  }

  /** What rollbacks work with. */
  public RollbackFacts facts() {
    return new RollbackFacts(
        pipeline, Runnable::run, later::put, history, diffs(), this::looked, store::current);
  }

  private List<NodeStatus> looked() {
    looks.incrementAndGet();
    return proxies;
  }

  /** Rollouts of what is live here; they are looked at when a test says so. */
  public Rollouts rollouts() {
    return new Rollouts(rolloutFacts(), List.of(new MemoryStates()), () -> now);
  }

  /** What rollouts work with here. */
  public RolloutFacts rolloutFacts() {
    return new RolloutFacts(
        pipeline, Runnable::run, this::looked, store::current, RolloutMetrics.NONE);
  }

  /** Diffs from what is live here. */
  public Diffs diffs() {
    return new Diffs(
        new DiffFacts(
            () -> synced,
            () -> CompletableFuture.completedFuture(pipeline.moment(image)),
            List.of(FILES),
            () -> proxies,
            List::of,
            () -> load),
        DocumentParser.reader());
  }
}
