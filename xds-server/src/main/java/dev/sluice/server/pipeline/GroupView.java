package dev.sluice.server.pipeline;

import dev.sluice.catalog.ServiceId;
import dev.sluice.node.NodeGroup;
import dev.sluice.policy.attach.Attribution;
import dev.sluice.problem.Problem;
import dev.sluice.server.snapshot.Provenance;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.snapshot.SnapshotBuilder;
import dev.sluice.server.snapshot.SnapshotDiff;
import dev.sluice.translate.AssembledRoutes;
import dev.sluice.translate.AssignmentInput;
import dev.sluice.translate.ClusterInput;
import dev.sluice.translate.GroupResources;
import dev.sluice.translate.ListenerInput;
import dev.sluice.translate.PortResources;
import dev.sluice.translate.ProxyResources;
import dev.sluice.translate.ServiceTranslation;
import dev.sluice.translate.VirtualHostInput;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;

/**
 * What one group of proxies is sent, kept up to date service by service. Only the pipeline's thread
 * touches it.
 */
final class GroupView {
  private static final GroupResources NOTHING =
      new GroupResources(List.of(), List.of(), new TreeMap<>(), List.of());

  private final NodeGroup group;
  private final ProxyResources proxy;
  private final Encoder encoder;
  private final Refusals refusals;
  private final SortedMap<ServiceId, List<Problem>> refused;
  private final Map<ServiceId, List<Problem>> serviceProblems;
  private final SecretView secrets;

  /** Persistent, like all here that is large, so that a copy costs nothing. */
  private HashPMap<ServiceId, List<PortResources>> services = HashTreePMap.empty();

  /** The documents that say what the instances of services are. */
  private HashPMap<ServiceId, List<Attribution>> instancesFrom = HashTreePMap.empty();

  /** Services of which something stands as it was until a secret comes. */
  private final Set<ServiceId> awaiting;

  private boolean fixedAwaits;
  private final Mirroring mirroring;
  private final SortedMap<String, GroupRoutes> routes = new TreeMap<>();
  private GroupResources fixed = NOTHING;
  private List<Attribution> fixedFrom = List.of();
  private final GroupResources formerFixed;

  /** Services that the proxies call for themselves, and why they cannot. */
  private List<Problem> uncallable = List.of();

  private Snapshot snapshot = Snapshot.EMPTY;
  private Map<ServiceId, List<PortResources>> former;
  private List<Problem> fixedRefused = List.of();
  private List<Problem> kept = List.of();
  private boolean built;

  /**
   * A view of nothing yet.
   *
   * @param former the view that this one takes the place of: what it held stays where what comes
   *     now would be refused
   */
  GroupView(NodeGroup group, ProxyResources proxy, Encoder encoder, Optional<GroupView> former) {
    this.group = group;
    this.proxy = proxy;
    this.encoder = encoder;
    this.refusals = new Refusals(encoder);
    this.refused = new TreeMap<>();
    this.serviceProblems = new HashMap<>();
    this.awaiting = new TreeSet<>();
    this.mirroring = new Mirroring();
    this.former = former.map(view -> view.services).orElse(HashTreePMap.empty());
    this.formerFixed = former.map(view -> view.fixed).orElse(NOTHING);
    this.secrets = former.map(view -> view.secrets.successor()).orElseGet(SecretView::empty);
  }

  private GroupView(GroupView same) {
    this.group = same.group;
    this.proxy = same.proxy;
    this.encoder = same.encoder;
    this.refusals = same.refusals;
    this.refused = new TreeMap<>(same.refused);
    this.serviceProblems = new HashMap<>(same.serviceProblems);
    this.secrets = same.secrets.copy();
    this.services = same.services;
    this.instancesFrom = same.instancesFrom;
    this.awaiting = new TreeSet<>(same.awaiting);
    this.fixedAwaits = same.fixedAwaits;
    this.mirroring = same.mirroring.copy();
    same.routes.forEach((name, configuration) -> routes.put(name, configuration.copy()));
    this.fixed = same.fixed;
    this.fixedFrom = same.fixedFrom;
    this.formerFixed = same.formerFixed;
    this.uncallable = same.uncallable;
    this.snapshot = same.snapshot;
    this.former = same.former;
    this.fixedRefused = same.fixedRefused;
    this.kept = same.kept;
    this.built = same.built;
  }

  /** A view that goes its own way from here, for another thread to try something on. */
  GroupView copy() {
    return new GroupView(this);
  }

  /** What keeps the group from having listeners as the documents have them; empty when nothing. */
  List<Problem> fixedRefused() {
    return fixedRefused;
  }

  /** Notes why this view is not replaced by one of newer Gateway documents. */
  void keptFor(List<Problem> problems) {
    kept = problems;
  }

  Snapshot snapshot() {
    return snapshot;
  }

  /** What could not be built for this group, sorted. */
  List<Problem> problems() {
    TreeSet<Problem> all = new TreeSet<>(fixed.problems());
    serviceProblems.values().forEach(all::addAll);
    all.addAll(uncallable);
    routes.values().forEach(configuration -> all.addAll(configuration.problems));
    refused.values().forEach(all::addAll);
    all.addAll(fixedRefused);
    all.addAll(kept);
    return List.copyOf(all);
  }

  /**
   * Brings the view up to date.
   *
   * @param touched services whose facts or policies differ
   * @param translations all services, as they are now
   * @return the difference from the snapshot before
   */
  SnapshotDiff update(Collection<ServiceId> touched, Translations translations) {
    SnapshotBuilder builder = new SnapshotBuilder(snapshot);
    Set<String> changedRoutes = new TreeSet<>();
    boolean renewed = secrets.isBehind(translations);
    Collection<ServiceId> again = touched;
    if (renewed && !awaiting.isEmpty()) {
      again = new TreeSet<>(awaiting);
      again.addAll(touched);
    }
    if (!built || touched.contains(group.service()) || (renewed && fixedAwaits)) {
      updateFixed(translations, builder, changedRoutes);
    }
    for (ServiceId id : mirroring.withSources(again)) {
      updateService(id, translations, builder, changedRoutes);
    }
    changedRoutes.forEach(name -> assemble(name, builder));
    secrets.update(translations, builder);
    uncallable = proxy.problems(id -> translations.of(id, proxy.client()));
    SnapshotDiff diff = builder.build();
    snapshot = diff.after();
    built = true;
    former = Map.of();
    return diff;
  }

  private void updateFixed(
      Translations translations, SnapshotBuilder builder, Set<String> changedRoutes) {
    GroupResources wanted = proxy.fixed(translations.of(group.service(), proxy.client()));
    GroupResources now =
        new AwaitedSecrets(translations::has).listeners(wanted, built ? fixed : formerFixed);
    fixedAwaits = !now.equals(wanted);
    List<Attribution> from = translations.gateways(proxy.gateways());
    if (now.equals(fixed) && from.equals(fixedFrom)) {
      fixedRefused = List.of();
      return;
    }
    fixedRefused = refusals.of(group, now);
    if (!fixedRefused.isEmpty()) {
      if (!fixed.listeners().isEmpty()) {
        return;
      }
      // Rather without what was laid over them than with no listeners at all.
      now = now.withoutPatches();
    }
    fixed.listeners().forEach(input -> builder.remove(ResourceType.LISTENER, input.name()));
    fixed.clusters().forEach(cluster -> builder.remove(ResourceType.CLUSTER, cluster.getName()));
    Provenance shaped = new Provenance(documents(from), List.of());
    for (ListenerInput input : now.listeners()) {
      builder.put(encoder.listener(input).value().withProvenance(shaped));
    }
    now.clusters().forEach(cluster -> builder.put(encoder.cluster(cluster).value()));
    changedRoutes.addAll(fixed.routeConfigurations().keySet());
    changedRoutes.addAll(now.routeConfigurations().keySet());
    fixed = now;
    fixedFrom = from;
    secrets.name(fixed.secrets());
  }

  private void updateService(
      ServiceId id, Translations translations, SnapshotBuilder builder, Set<String> changedRoutes) {
    List<PortResources> before = services.getOrDefault(id, List.of());
    Optional<ServiceTranslation> service = translations.of(id, proxy.client());
    mirroring.put(id, service.map(ServiceTranslation::mirrored).orElse(Set.of()));
    List<PortResources> wanted =
        service
            .map(it -> proxy.ports(it, other -> translations.of(other, proxy.client())))
            .orElse(List.of());
    List<PortResources> now =
        new AwaitedSecrets(translations::has).clusters(wanted, former.getOrDefault(id, before));
    if (now.equals(wanted)) {
      awaiting.remove(id);
    } else {
      awaiting.add(id);
    }
    List<Attribution> from = translations.ofInstances(id);
    boolean sameFrom = from.equals(instancesFrom.getOrDefault(id, List.of()));
    if (now.equals(before) && sameFrom) {
      refused.remove(id);
      return;
    }
    List<Problem> broken =
        refusals.of(id, before, now).stream().flatMap(port -> port.problems().stream()).toList();
    if (broken.isEmpty()) {
      refused.remove(id);
    } else {
      refused.put(id, broken);
      now = refusals.withInstances(former.getOrDefault(id, before), now);
    }
    dropGone(before, now, builder);
    List<String> sources = translations.sources(id);
    for (PortResources port : now) {
      put(port, before, new Origins(from, sameFrom, sources), builder);
    }
    updateHosts(before, now, changedRoutes);
    List<Problem> problems = now.stream().flatMap(port -> port.problems().stream()).toList();
    if (problems.isEmpty()) {
      serviceProblems.remove(id);
    } else {
      serviceProblems.put(id, problems);
    }
    if (now.isEmpty()) {
      services = services.minus(id);
      instancesFrom = instancesFrom.minus(id);
    } else {
      services = services.plus(id, now);
      instancesFrom = instancesFrom.plus(id, from);
    }
    now.forEach(port -> secrets.name(port.secrets()));
  }

  private static void dropGone(
      List<PortResources> before, List<PortResources> now, SnapshotBuilder builder) {
    Set<String> clusters = new TreeSet<>();
    Set<String> assignments = new TreeSet<>();
    Set<String> listeners = new TreeSet<>();
    for (PortResources port : before) {
      port.clusters().forEach(input -> clusters.add(input.name()));
      port.assignments().forEach(input -> assignments.add(input.cluster()));
      port.listeners().forEach(input -> listeners.add(input.name()));
    }
    for (PortResources port : now) {
      port.clusters().forEach(input -> clusters.remove(input.name()));
      port.assignments().forEach(input -> assignments.remove(input.cluster()));
      port.listeners().forEach(input -> listeners.remove(input.name()));
    }
    clusters.forEach(name -> builder.remove(ResourceType.CLUSTER, name));
    assignments.forEach(name -> builder.remove(ResourceType.ENDPOINT, name));
    listeners.forEach(name -> builder.remove(ResourceType.LISTENER, name));
  }

  /**
   * Where a service's instances come from.
   *
   * @param documents that say what they are
   * @param same whether these are the same as before
   * @param sources that told of them
   */
  private record Origins(List<Attribution> documents, boolean same, List<String> sources) {}

  /** Puts what differs; an endpoint's change must not cost its service's Clusters anything. */
  private void put(
      PortResources port, List<PortResources> before, Origins origins, SnapshotBuilder builder) {
    List<String> documents = documents(port.attributions());
    Provenance shaped = new Provenance(documents, List.of());
    Provenance told =
        new Provenance(
            Stream.concat(documents.stream(), documents(origins.documents()).stream()).toList(),
            origins.sources());
    boolean sameDocuments =
        before.stream().anyMatch(old -> old.attributions().equals(port.attributions()));
    // Instances that are found by a DNS name are in the Cluster itself.
    boolean named = port.assignments().isEmpty();
    boolean sameShape = sameDocuments && (origins.same() || !named);
    for (ClusterInput input : port.clusters()) {
      if (!sameShape || before.stream().noneMatch(old -> old.clusters().contains(input))) {
        builder.put(encoder.cluster(input).value().withProvenance(named ? told : shaped));
      }
    }
    boolean sameInstances = sameDocuments && origins.same();
    for (AssignmentInput input : port.assignments()) {
      if (!sameInstances || before.stream().noneMatch(old -> old.assignments().contains(input))) {
        builder.put(encoder.assignment(input).value().withProvenance(told));
      }
    }
    for (ListenerInput input : port.listeners()) {
      builder.put(encoder.listener(input).value().withProvenance(shaped));
    }
  }

  private void updateHosts(
      List<PortResources> before, List<PortResources> now, Set<String> changedRoutes) {
    if (same(before, now, PortResources::virtualHosts)
        && same(before, now, PortResources::attributions)) {
      return;
    }
    for (PortResources port : before) {
      eachHost(port, changedRoutes, (configuration, host) -> configuration.remove(host.name()));
    }
    for (PortResources port : now) {
      eachHost(
          port,
          changedRoutes,
          (configuration, host) ->
              configuration.put(encoder.virtualHost(host).value(), port.attributions()));
    }
  }

  private static boolean same(
      List<PortResources> before, List<PortResources> now, Function<PortResources, ?> part) {
    return before.stream().map(part).toList().equals(now.stream().map(part).toList());
  }

  private void eachHost(
      PortResources port,
      Set<String> changedRoutes,
      BiConsumer<GroupRoutes, VirtualHostInput> action) {
    port.virtualHosts()
        .forEach(
            (name, hosts) -> {
              changedRoutes.add(name);
              GroupRoutes configuration = routes.computeIfAbsent(name, _ -> new GroupRoutes());
              hosts.forEach(host -> action.accept(configuration, host));
            });
  }

  private void assemble(String name, SnapshotBuilder builder) {
    GroupRoutes configuration = routes.computeIfAbsent(name, _ -> new GroupRoutes());
    List<VirtualHost> own = fixed.routeConfigurations().get(name);
    if (own == null && configuration.hosts.isEmpty()) {
      routes.remove(name);
      builder.remove(ResourceType.ROUTE, name);
      return;
    }
    List<VirtualHost> hosts = new ArrayList<>(configuration.hosts.values());
    if (own != null) {
      hosts.addAll(own);
    }
    AssembledRoutes assembled = proxy.routeConfiguration(name, hosts);
    configuration.problems = assembled.problems();
    TreeSet<String> documents = new TreeSet<>();
    Map<String, List<String>> parts = new HashMap<>();
    configuration.attributions.forEach((host, list) -> parts.put(host, documents(list)));
    parts.values().forEach(documents::addAll);
    builder.put(
        Resource.of(
            ResourceType.ROUTE,
            name,
            assembled.routes(),
            new Provenance(List.copyOf(documents), List.of(), parts)));
  }

  private static List<String> documents(List<Attribution> attributions) {
    return attributions.stream().map(Attribution::toString).toList();
  }
}
