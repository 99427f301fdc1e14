package dev.sluice.policy.attach;

import dev.sluice.catalog.Protocol;
import dev.sluice.problem.Location;
import dev.sluice.spec.Attach;
import dev.sluice.spec.CircuitBreaker;
import dev.sluice.spec.ConnectionPool;
import dev.sluice.spec.Degrade;
import dev.sluice.spec.HealthCheck;
import dev.sluice.spec.LoadBalancer;
import dev.sluice.spec.LocalityRouting;
import dev.sluice.spec.Metadata;
import dev.sluice.spec.Mirror;
import dev.sluice.spec.Origin;
import dev.sluice.spec.Place;
import dev.sluice.spec.Retry;
import dev.sluice.spec.Rollout;
import dev.sluice.spec.Route;
import dev.sluice.spec.Split;
import dev.sluice.spec.StaticAddress;
import dev.sluice.spec.Target;
import dev.sluice.spec.Timeouts;
import dev.sluice.spec.TrafficPolicy;
import dev.sluice.spec.TrafficPolicySpec;
import dev.sluice.spec.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A TrafficPolicy in the making; its file is {@code <name>.yaml} unless it is said otherwise. */
final class PolicyText {
  private final String name;
  private String namespace = "shop";
  private String file;
  private @Nullable Instant created;
  private String service;
  private @Nullable Integer port;
  private final List<Target.Backend> backends = new ArrayList<>();
  private @Nullable Attach attach;
  private @Nullable Protocol protocol;
  private List<Version> versions = List.of();
  private @Nullable Split split;
  private @Nullable Rollout rollout;
  private final List<Route> routes = new ArrayList<>();
  private @Nullable LoadBalancer loadBalancer;
  private @Nullable ConnectionPool connectionPool;
  private @Nullable CircuitBreaker circuitBreaker;
  private @Nullable Retry retry;
  private @Nullable Timeouts timeouts;
  private @Nullable Mirror mirror;
  private @Nullable Degrade degrade;
  private @Nullable HealthCheck health;
  private @Nullable LocalityRouting locality;
  private final Map<String, Location> positions = new HashMap<>();

  private PolicyText(String name, String service) {
    this.name = name;
    this.file = name + ".yaml";
    this.service = service;
  }

  static PolicyText policy(String name, String service) {
    return new PolicyText(name, service);
  }

  PolicyText namespace(String value) {
    namespace = value;
    return this;
  }

  PolicyText file(String value) {
    file = value;
    return this;
  }

  PolicyText created(String instant) {
    created = Instant.parse(instant);
    return this;
  }

  PolicyText port(int value) {
    port = value;
    return this;
  }

  PolicyText backend(String backendName, String... addresses) {
    List<StaticAddress> parsed = Arrays.stream(addresses).map(StaticAddress::parse).toList();
    backends.add(new Target.Backend(backendName, null, null, parsed, null, null));
    return this;
  }

  PolicyText kubernetes(
      String backendName, @Nullable String cluster, @Nullable String of, @Nullable Integer weight) {
    return kubernetes(backendName, new Target.Kubernetes(cluster, null, of, null), weight, null);
  }

  PolicyText kubernetes(
      String backendName,
      Target.Kubernetes given,
      @Nullable Integer weight,
      @Nullable Place locality) {
    backends.add(new Target.Backend(backendName, given, null, List.of(), weight, locality));
    return this;
  }

  PolicyText consul(String backendName, Target.Consul given) {
    backends.add(new Target.Backend(backendName, null, given, List.of(), null, null));
    return this;
  }

  PolicyText protocol(Protocol value) {
    protocol = value;
    return this;
  }

  PolicyText attach(@Nullable Boolean mesh, String gateway, String... hosts) {
    attach =
        new Attach(mesh, List.of(new Attach.GatewayRef(gateway, "edge", null)), List.of(hosts));
    return this;
  }

  PolicyText versions(Version... value) {
    versions = List.of(value);
    return this;
  }

  PolicyText versions(String... names) {
    versions = Arrays.stream(names).map(each -> version(each, null)).toList();
    return this;
  }

  static Version version(String name, Version.@Nullable Overrides overrides) {
    return new Version(name, new TreeMap<>(Map.of("version", name)), overrides);
  }

  PolicyText split(Map<String, Integer> weights) {
    split = new Split(new TreeMap<>(weights), null, null, null);
    return this;
  }

  PolicyText split(Split value) {
    split = value;
    return this;
  }

  PolicyText rollout(Rollout value) {
    rollout = value;
    return this;
  }

  PolicyText route(String routeName, String version) {
    Route.Match any = new Route.Match(null, List.of(), List.of(), List.of(), List.of());
    Route.To to = new Route.To(version, new TreeMap<>());
    routes.add(
        new Route(
            routeName,
            List.of(any),
            to,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            null,
            List.of(),
            null,
            List.of(),
            null));
    return this;
  }

  PolicyText loadBalancer(LoadBalancer.@Nullable Type type, @Nullable Integer choices) {
    loadBalancer = new LoadBalancer(type, choices, List.of(), null, null);
    return this;
  }

  PolicyText loadBalancer(LoadBalancer value) {
    loadBalancer = value;
    return this;
  }

  PolicyText maxConnections(int value) {
    connectionPool = new ConnectionPool(null, value, null, null, null, null, null, null);
    return this;
  }

  PolicyText circuitBreaker(
      @Nullable Integer maxRequests, CircuitBreaker.@Nullable Outlier outlier) {
    circuitBreaker = new CircuitBreaker(maxRequests, null, null, null, outlier);
    return this;
  }

  PolicyText retry(Retry value) {
    retry = value;
    return this;
  }

  PolicyText attempts(int value) {
    return retry(new Retry(value, null, List.of(), null, null, null));
  }

  PolicyText requestTimeout(Duration value) {
    timeouts = new Timeouts(value, null, null);
    return this;
  }

  PolicyText mirror(@Nullable String toVersion, @Nullable String toService) {
    mirror = new Mirror(toVersion, toService, null);
    return this;
  }

  PolicyText degrade(boolean enabled) {
    degrade = new Degrade(enabled, null, null);
    return this;
  }

  PolicyText health(HealthCheck value) {
    health = value;
    return this;
  }

  PolicyText locality(LocalityRouting value) {
    locality = value;
    return this;
  }

  PolicyText at(String path, int line, int column) {
    positions.put(path, new Location(file, line, column));
    return this;
  }

  TrafficPolicy write() {
    Metadata metadata = new Metadata(name, namespace, new TreeMap<>(), created);
    TrafficPolicySpec spec =
        new TrafficPolicySpec(
            new Target(service, port, backends),
            attach,
            protocol,
            versions,
            split,
            rollout,
            routes,
            loadBalancer,
            connectionPool,
            circuitBreaker,
            retry,
            timeouts,
            mirror,
            degrade,
            null,
            null,
            List.of(),
            null,
            health,
            locality,
            null,
            null,
            null);
    return new TrafficPolicy(metadata, spec, new Origin(new Location(file, 1, 1), positions));
  }
}
