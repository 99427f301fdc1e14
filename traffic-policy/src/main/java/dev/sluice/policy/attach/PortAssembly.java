package dev.sluice.policy.attach;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.Protocol;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServicePort;
import dev.sluice.policy.attach.EffectivePolicy.EffectiveVersion;
import dev.sluice.policy.attach.EffectivePolicy.GatewayHosts;
import dev.sluice.policy.attach.EffectiveRoute.Action;
import dev.sluice.policy.attach.ServiceAssembly.Placed;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.HashKey;
import dev.sluice.spec.LoadBalancer;
import dev.sluice.spec.LocalityRouting;
import dev.sluice.spec.Resilience;
import dev.sluice.spec.Telemetry;
import dev.sluice.spec.TrafficPolicySpec;
import dev.sluice.spec.UpstreamTls;
import dev.sluice.spec.Version;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Merges the policies that are applied to one port of one service, none sharing a section. */
final class PortAssembly {
  private static final Resilience ANYWHERE =
      new Resilience(
          null,
          null,
          null,
          null,
          null,
          null,
          new LocalityRouting(
              LocalityRouting.Mode.NONE, List.of(), Collections.emptySortedMap(), null));

  private final Service service;
  private final ServicePort port;
  private final Catalog catalog;
  private final NamespaceLevel namespace;
  private final List<Placed> applied;
  private final List<EffectiveOverride> overrides;
  private final Map<DocumentKey, PolicyStatus> statuses;

  /**
   * @param applied those that come first first
   * @param overrides of the service's instances
   * @param statuses takes what the merged policies show to be wrong
   */
  PortAssembly(
      Service service,
      ServicePort port,
      Catalog catalog,
      NamespaceLevel namespace,
      List<Placed> applied,
      List<EffectiveOverride> overrides,
      Map<DocumentKey, PolicyStatus> statuses) {
    this.service = service;
    this.port = port;
    this.catalog = catalog;
    this.namespace = namespace;
    this.applied = applied;
    this.overrides = overrides;
    this.statuses = statuses;
  }

  EffectivePolicy policy() {
    List<Candidate> candidates = applied.stream().map(Placed::candidate).toList();
    Resilience sections = namespace.sections();
    if (!candidates.isEmpty()) {
      sections = Merge.over(sections, NamespaceLevel.own(candidates));
      CrossChecks.check(sections, candidates, statuses);
    }
    Protocol protocol = Protocols.of(first(TrafficPolicySpec::protocol).orElse(null), port);
    CrossChecks.checkProtocol(protocol, sections, candidates, statuses);
    VersionChecks versions = new VersionChecks(declared(), statuses);
    EffectiveSplit split = split(versions);
    if (isNamed()) {
      CrossChecks.checkNamed(service, candidates, statuses);
      sections = Merge.over(sections, ANYWHERE);
    }
    if (split instanceof EffectiveSplit.ByEndpoint) {
      CrossChecks.checkEndpointMode(sections, candidates, statuses);
      sections = Merge.over(sections, ANYWHERE);
    }
    List<EffectiveVersion> effective = effectiveVersions(sections, protocol);
    ClusterPolicy cluster = Resolution.cluster(sections, protocol);
    RouteAssembly routes =
        new RouteAssembly(
            sections, protocol, hash(sections, cluster, effective), candidates, versions, statuses);
    List<EffectiveRoute> ahead = ahead(routes);
    List<EffectiveRoute> meshRoutes = meshRoutes(ahead, routes);
    RouteChecks.ofGateways(candidates, statuses);
    CanaryRetries.check(split, Objects.requireNonNull(sections.retry()), candidates, statuses);
    return new EffectivePolicy(
        service.id(),
        port,
        protocol,
        isInMesh(),
        gateways(ahead, meshRoutes, routes),
        protocol == Protocol.TCP ? listeners() : List.of(),
        effective,
        split,
        degraded(),
        meshRoutes,
        cluster,
        routes.ofService(),
        routes.inboundLimit(),
        upstreamTls(),
        first(TrafficPolicySpec::telemetry).map(Telemetry::statPrefix),
        first(TrafficPolicySpec::envoy).map(EnvoyPatches::of).orElse(EnvoyPatches.NONE),
        backends(),
        overrides,
        attributions());
  }

  private <T> Optional<T> first(Function<TrafficPolicySpec, @Nullable T> section) {
    for (Placed each : applied) {
      T value = section.apply(each.candidate().spec());
      if (value != null) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  /** Whether its instances are found by a DNS name. */
  private boolean isNamed() {
    return service.host().isPresent() && withBackends().isEmpty();
  }

  private List<Version> declared() {
    if (isNamed()) {
      return List.of();
    }
    return first((TrafficPolicySpec spec) -> spec.versions().isEmpty() ? null : spec.versions())
        .orElse(List.of());
  }

  /** Of how many instances a rollout has a version take part; empty for all. */
  private OptionalInt part(String version) {
    return applied.stream()
        .flatMap(each -> Stream.ofNullable(each.candidate().policy().parts().get(version)))
        .mapToInt(Integer::intValue)
        .findFirst();
  }

  private List<EffectiveVersion> effectiveVersions(Resilience sections, Protocol protocol) {
    return declared().stream()
        .map(
            version ->
                new EffectiveVersion(
                    version.name(),
                    version.labels(),
                    Resolution.cluster(Merge.over(sections, version.resilience()), protocol),
                    part(version.name())))
        .toList();
  }

  private static List<HashKey> hash(
      Resilience sections, ClusterPolicy cluster, List<EffectiveVersion> versions) {
    boolean looked =
        Stream.concat(Stream.of(cluster), versions.stream().map(EffectiveVersion::cluster))
            .anyMatch(each -> each.loadBalancer().type() == LoadBalancer.Type.CONSISTENT_HASH);
    return looked ? Objects.requireNonNull(sections.loadBalancer()).hash() : List.of();
  }

  /** In the mesh unless every policy that says where it applies leaves the mesh out. */
  private boolean isInMesh() {
    List<Candidate> attaching =
        applied.stream()
            .map(Placed::candidate)
            .filter(candidate -> candidate.spec().attach() != null)
            .toList();
    return attaching.isEmpty() || attaching.stream().anyMatch(Candidate::isInMesh);
  }

  private EffectiveSplit split(VersionChecks versions) {
    return splitting().map(versions::split).orElse(new EffectiveSplit.Whole());
  }

  /** The policy that says how calls are divided, if one does. */
  private Optional<Candidate> splitting() {
    return applied.stream()
        .map(Placed::candidate)
        .filter(candidate -> candidate.spec().split() != null)
        .findFirst();
  }

  /** The route before all others, by which a header reaches what is not yet live. */
  private List<EffectiveRoute> ahead(RouteAssembly routes) {
    return splitting()
        .flatMap(
            candidate ->
                RolloutPreview.of(candidate.spec())
                    .filter(preview -> preview.host().isEmpty())
                    .flatMap(preview -> routes.preview(candidate, preview)))
        .stream()
        .toList();
  }

  private Optional<UpstreamTlsPolicy> upstreamTls() {
    for (Placed each : applied) {
      UpstreamTls tls = each.candidate().spec().upstreamTls();
      if (tls != null) {
        return Optional.of(UpstreamTlsPolicy.of(tls, each.candidate().namespace()));
      }
    }
    return Optional.empty();
  }

  private Optional<Action.Respond> degraded() {
    return first(TrafficPolicySpec::degrade)
        .filter(degrade -> Boolean.TRUE.equals(degrade.enabled()))
        .map(
            degrade ->
                new Action.Respond(
                    Objects.requireNonNullElse(degrade.status(), BuiltIn.DEGRADED_STATUS),
                    Objects.requireNonNullElse(degrade.body(), "")));
  }

  private List<EffectiveRoute> meshRoutes(List<EffectiveRoute> ahead, RouteAssembly routes) {
    return applied.stream()
        .map(Placed::candidate)
        .filter(candidate -> candidate.isInMesh() && !candidate.spec().routes().isEmpty())
        .findFirst()
        .map(candidate -> both(ahead, routes.of(candidate)))
        .orElse(ahead);
  }

  private static List<EffectiveRoute> both(List<EffectiveRoute> first, List<EffectiveRoute> then) {
    return Stream.concat(first.stream(), then.stream()).toList();
  }

  private List<GatewayHosts> gateways(
      List<EffectiveRoute> ahead, List<EffectiveRoute> meshRoutes, RouteAssembly assembly) {
    List<GatewayHosts> gateways = new ArrayList<>();
    for (Placed each : applied) {
      Candidate candidate = each.candidate();
      boolean hasRoutes = !candidate.spec().routes().isEmpty();
      List<EffectiveRoute> routes = hasRoutes ? both(ahead, assembly.of(candidate)) : meshRoutes;
      for (Verdict.AttachedHosts attached : each.verdict().attached()) {
        gateways.addAll(exposed(candidate, attached, routes, assembly));
      }
    }
    gateways.sort(
        Comparator.comparing(GatewayHosts::gateway)
            .thenComparing(hosts -> hosts.hosts().getFirst()));
    return gateways;
  }

  /** The hosts of one policy at one gateway; what is previewed has a host of its own. */
  private static List<GatewayHosts> exposed(
      Candidate candidate,
      Verdict.AttachedHosts attached,
      List<EffectiveRoute> routes,
      RouteAssembly assembly) {
    Optional<String> preview = candidate.previewHost().map(Candidate::host);
    List<String> hosts =
        attached.hosts().stream().filter(host -> !preview.equals(Optional.of(host))).toList();
    List<GatewayHosts> exposed = new ArrayList<>();
    if (!hosts.isEmpty()) {
      exposed.add(new GatewayHosts(attached.gateway(), hosts, routes));
    }
    if (hosts.size() < attached.hosts().size()) {
      RolloutPreview.of(candidate.spec())
          .flatMap(each -> assembly.preview(candidate, each))
          .map(List::of)
          .map(all -> new GatewayHosts(attached.gateway(), List.of(preview.orElseThrow()), all))
          .ifPresent(exposed::add);
    }
    return exposed;
  }

  private List<GatewayListener> listeners() {
    return applied.stream()
        .flatMap(each -> each.verdict().listeners().stream())
        .sorted()
        .distinct()
        .toList();
  }

  private List<EffectiveBackend> backends() {
    return withBackends()
        .map(it -> new BackendAssembly(it, port.number(), catalog, statuses).backends())
        .orElse(List.of());
  }

  /** The policy that says where the instances come from, if one does. */
  private Optional<Candidate> withBackends() {
    return applied.stream().map(Placed::candidate).filter(Candidate::hasBackends).findFirst();
  }

  private List<Attribution> attributions() {
    return Stream.concat(
            applied.stream().map(each -> each.candidate().attribution()),
            namespace.attributions().stream())
        .toList();
  }
}
