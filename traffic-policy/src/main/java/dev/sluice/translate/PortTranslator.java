package dev.sluice.translate;

import dev.sluice.catalog.Protocol;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.policy.attach.ClusterPolicy;
import dev.sluice.policy.attach.EffectivePolicy;
import dev.sluice.policy.attach.EffectivePolicy.EffectiveVersion;
import dev.sluice.policy.attach.EffectiveRoute;
import dev.sluice.policy.attach.EffectiveRoute.Action;
import dev.sluice.policy.attach.EffectiveSplit;
import dev.sluice.policy.attach.HealthPolicy.ActivePolicy;
import dev.sluice.policy.attach.LocalityPolicy;
import dev.sluice.policy.attach.MirrorPolicy;
import dev.sluice.policy.attach.MirrorPolicy.Target;
import dev.sluice.policy.attach.RequestPolicy;
import dev.sluice.problem.Problem;
import dev.sluice.spec.LoadBalancer;
import dev.sluice.spec.Redirect;
import dev.sluice.spec.Rewrite;
import dev.sluice.spec.Split.OnEmpty;
import dev.sluice.spec.Tree;
import dev.sluice.translate.PortTranslation.GatewayRoutes;
import dev.sluice.translate.VirtualHostInput.ActionInput;
import dev.sluice.translate.VirtualHostInput.RouteInput;
import dev.sluice.translate.Weights.Grouping;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** One port of a service and its policy, to the inputs of its protos. */
final class PortTranslator {
  /** Name of the route that takes what no other does. */
  private static final String SPLIT = "split";

  private final EffectivePolicy policy;
  private final ClientKind client;
  private final Versions versions;
  private final Optional<String> host;

  private PortTranslator(
      EffectivePolicy policy, ClientKind client, Versions versions, Optional<String> host) {
    this.policy = policy;
    this.client = client;
    this.versions = versions;
    this.host = host;
  }

  static PortTranslation translate(
      Service service,
      EffectivePolicy policy,
      ClientKind client,
      Names.Portless portless,
      List<Problem> problems) {
    List<Instance> instances = Instance.of(service, policy, problems);
    Optional<String> host = policy.backends().isEmpty() ? service.host() : Optional.empty();
    PortTranslator translator =
        new PortTranslator(policy, client, Versions.of(policy, instances, client), host);
    List<ClusterInput> clusters = new ArrayList<>();
    List<AssignmentInput> assignments = new ArrayList<>();
    AssignmentInput whole = translator.whole();
    if (translator.hasWhole()) {
      clusters.add(
          translator.cluster(Names.whole(policy), "", policy.cluster(), policy.envoy().ofWhole()));
      if (host.isEmpty()) {
        assignments.add(translator.placed(whole, policy.cluster()));
      }
    }
    if (translator.hasVersions()) {
      for (EffectiveVersion version : policy.versions()) {
        String name = Names.version(policy, version.name());
        clusters.add(
            translator.cluster(
                name,
                "|" + version.name(),
                version.cluster(),
                policy.envoy().ofVersion(version.name())));
        AssignmentInput own =
            Weights.byInstance(
                name,
                translator.versions.instances(version.name()),
                translator.grouping(version.cluster()));
        assignments.add(translator.placed(own, version.cluster()));
      }
    }
    int port = policy.port().number();
    boolean isTcp = policy.protocol() == Protocol.TCP;
    return new PortTranslation(
        policy,
        client,
        clusters,
        assignments,
        translator.mainCluster(),
        whole,
        isTcp ? List.of() : translator.routes(policy.routes()),
        isTcp ? List.of() : translator.gateways(),
        isTcp ? Optional.of(TcpForwarding.of(policy, translator.split())) : Optional.empty(),
        Names.mesh(policy.service(), port, portless),
        Names.local(policy.service(), port, portless),
        instancePorts(service, policy));
  }

  /** Whether there is a Cluster of all versions. */
  private boolean hasWhole() {
    return switch (policy.split()) {
      case EffectiveSplit.Whole _, EffectiveSplit.ByPodCount _, EffectiveSplit.ByEndpoint _ -> true;
      case EffectiveSplit.ByCluster _ -> false;
    };
  }

  /**
   * Whether each version has a Cluster. All of them have, also those without a share, so that
   * giving them one later is a change of routes alone.
   */
  private boolean hasVersions() {
    return switch (policy.split()) {
      case EffectiveSplit.Whole _, EffectiveSplit.ByCluster _ -> true;
      case EffectiveSplit.ByPodCount _ -> namesVersions();
      case EffectiveSplit.ByEndpoint split ->
          split.onEmpty() instanceof OnEmpty.Fail || namesVersions();
    };
  }

  /** Whether requests or copies of them go to versions otherwise than by the split. */
  private boolean namesVersions() {
    return mirrorsToVersion(policy.requests())
        || Stream.concat(
                policy.routes().stream(),
                policy.gateways().stream().flatMap(exposed -> exposed.routes().stream()))
            .anyMatch(
                route ->
                    route.action() instanceof Action.ToVersions
                        || mirrorsToVersion(route.requests()));
  }

  private static boolean mirrorsToVersion(RequestPolicy requests) {
    return requests.mirror().map(MirrorPolicy::target).orElse(null) instanceof Target.OfVersion;
  }

  private ClusterInput cluster(
      String name, String suffix, ClusterPolicy settings, List<Tree> patches) {
    Optional<DnsName> dns =
        host.map(known -> new DnsName(known, policy.port().number(), healthPort(settings)));
    return new ClusterInput(
        name,
        dns,
        policy.protocol(),
        settings,
        policy.upstreamTls(),
        policy.statPrefix().filter(_ -> client == ClientKind.ENVOY).map(it -> it + suffix),
        ofEnvoy(patches),
        client);
  }

  /** Patches are of what Envoy knows. */
  private List<Tree> ofEnvoy(List<Tree> patches) {
    return switch (client) {
      case ENVOY -> patches;
      case GRPC -> List.of();
    };
  }

  /** With all that is the same for every caller, wherever it runs. */
  private AssignmentInput placed(AssignmentInput input, ClusterPolicy settings) {
    AssignmentInput asked =
        client == ClientKind.ENVOY ? input.askedAt(healthPort(settings)) : input;
    return switch (settings.locality()) {
      case LocalityPolicy.None _, LocalityPolicy.Failover _ -> asked;
      case LocalityPolicy.Weighted weighted -> Localities.weighted(asked, weighted);
    };
  }

  private static OptionalInt healthPort(ClusterPolicy settings) {
    return settings.health().active().map(ActivePolicy::port).orElse(OptionalInt.empty());
  }

  private AssignmentInput whole() {
    String name = Names.whole(policy);
    Grouping grouping = grouping(policy.cluster());
    return switch (policy.split()) {
      case EffectiveSplit.Whole _, EffectiveSplit.ByCluster _ ->
          Weights.byInstance(name, versions.all(), grouping);
      case EffectiveSplit.ByPodCount _ -> Weights.equal(name, versions.declared(), grouping);
      case EffectiveSplit.ByEndpoint(SortedMap<String, Integer> weights, OnEmpty onEmpty) -> {
        SortedMap<String, Long> shares = Shares.of(weights, versions.ready(), onEmpty);
        yield Weights.byVersion(name, versions, shares, grouping);
      }
    };
  }

  /** gRPC's ring multiplies the weights of localities and endpoints, its other balancers do not. */
  private Grouping grouping(ClusterPolicy settings) {
    return switch (client) {
      case ENVOY -> Grouping.BY_LOCALITY;
      case GRPC ->
          settings.loadBalancer().type() == LoadBalancer.Type.CONSISTENT_HASH
              ? Grouping.BY_LOCALITY
              : Grouping.BY_SHARE;
    };
  }

  private List<GatewayRoutes> gateways() {
    return policy.gateways().stream()
        .map(
            exposed ->
                new GatewayRoutes(exposed.gateway(), exposed.hosts(), routes(exposed.routes())))
        .toList();
  }

  private List<RouteInput> routes(List<EffectiveRoute> exceptions) {
    List<RouteInput> routes = new ArrayList<>();
    for (EffectiveRoute route : exceptions) {
      String name = Names.route(policy, route.name());
      ActionInput action = action(route.action(), route.requests());
      List<Tree> patches = ofEnvoy(policy.envoy().ofRoute(route.name()));
      routes.add(new RouteInput(name, route.match(), action, route.requests(), patches));
    }
    ActionInput rest = toSplit(Optional.empty(), policy.requests());
    routes.add(
        new RouteInput(
            Names.route(policy, SPLIT),
            List.of(),
            rest,
            policy.requests(),
            ofEnvoy(policy.envoy().ofRoute(SPLIT))));
    return routes;
  }

  private ActionInput action(Action action, RequestPolicy requests) {
    return switch (action) {
      case Action.ToSplit(Optional<Rewrite> rewrite) -> toSplit(rewrite, requests);
      case Action.ToVersions(SortedMap<String, Integer> weights, Optional<Rewrite> rewrite) ->
          new ActionInput.Forward(
              ofVersions(Shares.of(weights, versions.ready(), onEmpty())),
              withHost(rewrite),
              mirror(requests));
      case Action.Respond(int status, String body) -> new ActionInput.Respond(status, body);
      case Action.Redirect(Redirect to) -> new ActionInput.Redirect(to);
    };
  }

  private ActionInput toSplit(Optional<Rewrite> rewrite, RequestPolicy requests) {
    return policy
        .degraded()
        .<ActionInput>map(answer -> new ActionInput.Respond(answer.status(), answer.body()))
        .orElseGet(() -> new ActionInput.Forward(split(), withHost(rewrite), mirror(requests)));
  }

  /** Instances that are found by a DNS name know themselves by it, whatever callers call them. */
  private Optional<Rewrite> withHost(Optional<Rewrite> given) {
    if (host.isEmpty()) {
      return given;
    }
    Rewrite rewrite = given.orElse(new Rewrite(null, null, null, null));
    return Optional.of(
        new Rewrite(
            rewrite.prefix(),
            rewrite.path(),
            rewrite.regex(),
            rewrite.host() == null ? host.get() : rewrite.host()));
  }

  private Optional<MirrorInput> mirror(RequestPolicy requests) {
    return switch (client) {
      case ENVOY -> requests.mirror().map(this::mirror);
      // gRPC copies nothing.
      case GRPC -> Optional.empty();
    };
  }

  private MirrorInput mirror(MirrorPolicy mirror) {
    return switch (mirror.target()) {
      case Target.OfVersion(String version) ->
          new MirrorInput.ToCluster(Names.version(policy, version), mirror.percent());
      case Target.OfService(ServiceId service) ->
          new MirrorInput.ToService(service, mirror.percent());
    };
  }

  private String mainCluster() {
    return Collections.max(
            split().entrySet(),
            Map.Entry.<String, Long>comparingByValue()
                .thenComparing(Map.Entry.comparingByKey(Comparator.reverseOrder())))
        .getKey();
  }

  private OnEmpty onEmpty() {
    return switch (policy.split()) {
      case EffectiveSplit.Whole _, EffectiveSplit.ByPodCount _ -> new OnEmpty.Redistribute();
      case EffectiveSplit.ByCluster split -> split.onEmpty();
      case EffectiveSplit.ByEndpoint split -> split.onEmpty();
    };
  }

  private SortedMap<String, Long> split() {
    SortedMap<String, Long> whole = new TreeMap<>(Map.of(Names.whole(policy), 1L));
    return switch (policy.split()) {
      case EffectiveSplit.Whole _, EffectiveSplit.ByPodCount _ -> whole;
      case EffectiveSplit.ByCluster(SortedMap<String, Integer> weights, OnEmpty onEmpty) ->
          ofVersions(Shares.of(weights, versions.ready(), onEmpty));
      case EffectiveSplit.ByEndpoint(SortedMap<String, Integer> weights, OnEmpty onEmpty) ->
          onEmpty instanceof OnEmpty.Fail ? failing(weights) : whole;
    };
  }

  /**
   * Weights of endpoints cannot give a share to a version without any, so that share goes to the
   * version's own, empty Cluster, which answers 503.
   */
  private SortedMap<String, Long> failing(SortedMap<String, Integer> weights) {
    SortedMap<String, Long> clusters = new TreeMap<>();
    weights.forEach(
        (version, weight) -> {
          boolean ready = versions.ready().contains(version);
          if (weight > 0) {
            String name = ready ? Names.whole(policy) : Names.version(policy, version);
            clusters.merge(name, (long) weight, Long::sum);
          }
        });
    return clusters;
  }

  private SortedMap<String, Long> ofVersions(SortedMap<String, Long> shares) {
    return shares.entrySet().stream()
        .collect(
            Collectors.toMap(
                share -> Names.version(policy, share.getKey()),
                Map.Entry::getValue,
                Long::sum,
                TreeMap::new));
  }

  private static SortedSet<Integer> instancePorts(Service service, EffectivePolicy policy) {
    return service.endpoints().stream()
        .map(endpoint -> endpoint.ports().get(policy.port().name()))
        .filter(Objects::nonNull)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
