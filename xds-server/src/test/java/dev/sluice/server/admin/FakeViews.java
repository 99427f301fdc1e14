package dev.sluice.server.admin;

import com.google.protobuf.ByteString;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.SourceName;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.policy.attach.PolicyStatus;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.problem.Problem;
import dev.sluice.server.catalog.CatalogImage;
import dev.sluice.server.diff.LiveState;
import dev.sluice.server.explain.Explain;
import dev.sluice.server.explain.ExplainFacts;
import dev.sluice.server.load.Load;
import dev.sluice.server.overrides.MemoryStore;
import dev.sluice.server.overrides.OverrideFacts;
import dev.sluice.server.overrides.OverrideStore;
import dev.sluice.server.overrides.Overrides;
import dev.sluice.server.rollout.Rollouts;
import dev.sluice.server.settings.ServerSettings;
import dev.sluice.server.snapshot.Provenance;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.ResourceVersions;
import dev.sluice.server.snapshot.Revision;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.status.DocumentProgress;
import dev.sluice.server.status.ProxyStatus;
import dev.sluice.server.xds.ConfigCanary;
import dev.sluice.server.xds.Departed;
import dev.sluice.server.xds.NodeStatus;
import dev.sluice.server.xds.Quarantined;
import dev.sluice.server.xds.Variant;
import dev.sluice.source.SourceEntry;
import dev.sluice.source.SourceStatus;
import dev.sluice.source.SourceUpdate;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterLoadAssignment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/** What an admin API shows, to be set by a test. */
public final class FakeViews {
  public static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  public static final SourceName FILES = new SourceName("file", "files");
  public static final SourceName CONSUL = new SourceName("consul", "dc1");

  public volatile Supplier<List<ProxyStatus>> proxies = List::of;
  public volatile List<Departed> departed = List.of();
  public volatile CatalogImage image = CatalogImage.EMPTY;
  public volatile SortedMap<DocumentKey, PolicyStatus> policies = new TreeMap<>();
  public volatile List<SourceStatus> sources =
      List.of(new SourceStatus(FILES, SourceStatus.State.SYNCED, NOON, null, List.of()));
  public volatile List<Problem> problems = List.of();
  public volatile List<Quarantined> quarantine = List.of();
  public volatile List<ConfigCanary> canaries = List.of();
  public volatile List<Revision> history = List.of();
  public volatile SortedMap<String, String> rateLimits = new TreeMap<>();
  public volatile boolean stopping;
  public volatile Load load = Load.of(List.of());

  public volatile boolean synced = true;
  public volatile boolean inForce = true;
  public volatile Supplier<List<NodeStatus>> nodes = List::of;
  public volatile Optional<Snapshot> snapshot = Optional.empty();
  public final LiveState live = new LiveState();
  public final Rollouts rollouts = live.rollouts();
  public final List<OverrideStore> stores =
      List.of(new MemoryStore(FILES, this::tell), new MemoryStore(CONSUL, this::tell));

  /** Has {@code source} tell all its services. */
  public void tell(SourceName source, Service... services) {
    List<SourceEntry> entries = new ArrayList<>();
    List.of(services).forEach(service -> entries.add(new SourceEntry.OfService(service)));
    image = image.apply(source, List.of(new SourceUpdate.Replace(entries))).image();
  }

  /** Has {@code source} tell more. */
  public void tell(SourceName source, SourceUpdate update) {
    image = image.apply(source, List.of(update)).image();
  }

  /** Has {@code source} tell the documents in a text. */
  public void tell(SourceName source, String file, String text) {
    DocumentParser.reader().read(file, text).items().stream()
        .flatMap(item -> item.document().stream())
        .forEach(it -> tell(source, new SourceUpdate.Upsert(new SourceEntry.OfDocument(it))));
  }

  /** Overrides in {@link #stores}; each is read back at once, and in force where that is wanted. */
  public Overrides overrides() {
    return Overrides.in(stores, DocumentParser.reader(), facts(), () -> NOON);
  }

  /** What the stages know, for overrides. */
  public OverrideFacts facts() {
    return new OverrideFacts(
        () -> synced,
        () -> image,
        () -> PolicyIndex.of(image.documents(), image.catalog()),
        () -> CompletableFuture.completedFuture(inForce ? image.documents() : Documents.EMPTY),
        () -> nodes.get(),
        _ -> snapshot);
  }

  /** What an admin API serves besides. */
  public AdminRoutes[] routes() {
    live.sidecars("web", 2);
    live.tell("service.yaml", LiveState.SERVICE);
    return new AdminRoutes[] {
      new DiffRoutes(live.diffs()),
      new RollbackRoutes(live.rollbacks()),
      new RolloutRoutes(rollouts, ServerSettings.Writing.ON),
      new DocumentRoutes(documents(), DocumentParser.reader())
    };
  }

  /** The views as an admin API wants them. */
  public AdminViews views() {
    return new AdminViews(
        () -> proxies.get(),
        () -> departed,
        () -> image,
        () -> policies,
        () -> sources,
        () -> problems,
        () -> quarantine,
        () -> canaries,
        () -> history,
        () -> rateLimits,
        () -> stopping,
        () -> load,
        new Explain(
            new ExplainFacts(
                () -> proxies.get(),
                _ -> Optional.empty(),
                _ -> List.of(),
                () -> PolicyIndex.of(image.documents(), image.catalog()),
                () -> image.documents())));
  }

  /** Documents as overrides see them; only those of {@link #inForce} have a say. */
  private DocumentFacts documents() {
    return new DocumentFacts(
        () ->
            CompletableFuture.completedFuture(
                new DocumentFacts.Told(
                    image.documents(),
                    inForce ? image.documents() : Documents.EMPTY,
                    new TreeMap<>(PolicyIndex.of(image.documents(), image.catalog()).statuses()),
                    PolicyIndex.of(image.documents(), image.catalog()))),
        () -> DocumentProgress.of(nodes.get(), _ -> snapshot),
        () -> quarantine,
        () -> nodes.get(),
        _ -> snapshot);
  }

  /** A proxy of {@link #gateway} that asks for one assignment, of which it has that version. */
  public static NodeStatus node(String id, String assignment, String version) {
    return node(id, version, assignment, version);
  }

  /** The same of one that was sent another version, and has not answered it. */
  public static NodeStatus node(String id, String sent, String assignment, String version) {
    NodeStatus.TypeStatus asked =
        new NodeStatus.TypeStatus(
            new TreeSet<>(List.of(assignment)),
            sent,
            version,
            NodeStatus.Sync.WAITING,
            Optional.empty(),
            new TreeMap<>(Map.of(assignment, new ResourceVersions(sent, version))),
            "its clusters",
            Optional.empty());
    return new NodeStatus(
        id,
        gateway(),
        "envoy",
        ByteString.EMPTY,
        Variant.DELTA,
        NOON,
        Snapshot.EMPTY,
        Map.of(ResourceType.ENDPOINT, asked));
  }

  /** An assignment without endpoints. */
  public static Resource assignment(String name) {
    return Resource.of(
        ResourceType.ENDPOINT,
        name,
        ClusterLoadAssignment.newBuilder().setClusterName(name).build(),
        Provenance.NONE);
  }

  /** The gateways of the namespace shop. */
  public static NodeGroup gateway() {
    return new NodeGroup(
        Role.GATEWAY,
        new ServiceId("front-proxy", "shop"),
        Collections.emptySortedSet(),
        new TreeMap<>(Map.of("app", "front-proxy")),
        Locality.UNKNOWN,
        NodeGroup.DEFAULT_OUTBOUND_PORT,
        List.of());
  }
}
