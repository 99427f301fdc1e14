package dev.sluice.server.admin;

import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.SourceName;
import dev.sluice.node.NodeGroup;
import dev.sluice.node.Role;
import dev.sluice.policy.attach.PolicyStatus;
import dev.sluice.problem.Problem;
import dev.sluice.server.catalog.CatalogImage;
import dev.sluice.server.load.Load;
import dev.sluice.server.snapshot.Revision;
import dev.sluice.server.status.ProxyStatus;
import dev.sluice.server.xds.ConfigCanary;
import dev.sluice.server.xds.Quarantined;
import dev.sluice.source.SourceEntry;
import dev.sluice.source.SourceStatus;
import dev.sluice.source.SourceUpdate;
import dev.sluice.spec.DocumentKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;

/** What an admin API shows, to be set by a test. */
public final class FakeViews {
  public static final Instant NOON = Instant.parse("2026-01-31T12:00:00Z");
  public static final SourceName FILES = new SourceName("file", "files");

  public volatile Supplier<List<ProxyStatus>> proxies = List::of;
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

  /** Has {@code source} tell all its services. */
  public void tell(SourceName source, Service... services) {
    List<SourceEntry> entries = new ArrayList<>();
    List.of(services).forEach(service -> entries.add(new SourceEntry.OfService(service)));
    image = image.apply(source, List.of(new SourceUpdate.Replace(entries))).image();
  }

  /** The views as an admin API wants them. */
  public AdminViews views() {
    return new AdminViews(
        () -> proxies.get(),
        () -> image,
        () -> policies,
        () -> sources,
        () -> problems,
        () -> quarantine,
        () -> canaries,
        () -> history,
        () -> rateLimits,
        () -> stopping,
        () -> load);
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
