package dev.sluice.translate;

import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.SourceName;
import dev.sluice.policy.attach.ClusterPolicy;
import dev.sluice.policy.attach.EffectiveBackend;
import dev.sluice.policy.attach.EffectiveBackend.Member;
import dev.sluice.policy.attach.EffectivePolicy;
import dev.sluice.policy.attach.LocalityPolicy;
import dev.sluice.problem.Problem;
import dev.sluice.spec.StaticAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/**
 * An instance of a service at one of the service's ports.
 *
 * @param weight share among its peers: those of its backend, if that has a share of its own
 * @param backend whose share it has a part of; empty where every instance counts for itself
 */
record Instance(
    StaticAddress address,
    SortedMap<String, String> labels,
    int weight,
    Locality locality,
    Health health,
    Optional<Backend> backend) {

  /**
   * Instances that have a share of the calls together.
   *
   * @param share relative to that of others, at least 1
   */
  record Backend(String name, int share) {}

  /** Whether it takes new requests. */
  boolean isReady() {
    return health == Health.HEALTHY;
  }

  boolean hasLabels(Map<String, String> wanted) {
    return labels.entrySet().containsAll(wanted.entrySet());
  }

  /**
   * The instance as the clients of one Cluster are told of it; empty where they are not.
   *
   * <p>One that its source calls unready is left out, unless it is the proxy that decides: then the
   * proxy asks it like any other. Where localities count it is told of as unready, since Envoy
   * reckons a locality's part from how many of its instances can be called. A gRPC client does
   * neither, and goes by readiness.
   */
  Optional<Instance> told(ClusterPolicy policy, ClientKind client) {
    if (health != Health.UNHEALTHY) {
      return Optional.of(this);
    }
    if (client == ClientKind.GRPC) {
      return Optional.empty();
    }
    if (policy.health().looksPastReadiness()) {
      return Optional.of(withHealth(Health.HEALTHY));
    }
    return switch (policy.locality()) {
      case LocalityPolicy.None _ -> Optional.empty();
      case LocalityPolicy.Failover _, LocalityPolicy.Weighted _ -> Optional.of(this);
    };
  }

  /** The instances, each address once, as people want them. */
  static List<Instance> of(Service service, EffectivePolicy policy, List<Problem> problems) {
    List<Instance> instances =
        policy.backends().isEmpty()
            ? once(service, policy, problems)
            : ofBackends(policy.backends());
    return Overrides.apply(instances, policy);
  }

  /** The instances as their source tells of them, addresses twice included. */
  static List<Instance> asTold(Service service, EffectivePolicy policy) {
    return policy.backends().isEmpty()
        ? service.endpoints().stream().flatMap(endpoint -> at(endpoint, policy).stream()).toList()
        : ofBackends(policy.backends());
  }

  Instance withHealth(Health other) {
    return new Instance(address, labels, weight, locality, other, backend);
  }

  Instance withWeight(int other) {
    return new Instance(address, labels, other, locality, health, backend);
  }

  /**
   * Those of the catalog: Envoy would silently keep the first of two equal addresses. The readier
   * one counts.
   */
  private static List<Instance> once(
      Service service, EffectivePolicy policy, List<Problem> problems) {
    Map<StaticAddress, Instance> unique = new LinkedHashMap<>();
    Map<StaticAddress, SourceName> sources = new HashMap<>();
    for (Endpoint endpoint : service.endpoints()) {
      Optional<Instance> told = at(endpoint, policy);
      if (told.isEmpty()) {
        continue;
      }
      Instance instance = told.get();
      Instance former = unique.get(instance.address());
      if (former == null || instance.health().compareTo(former.health()) < 0) {
        unique.put(instance.address(), instance);
        sources.put(instance.address(), endpoint.source());
      } else if (instance.health() == Health.HEALTHY) {
        problems.add(
            Notes.warning(
                policy,
                "$.spec.target",
                "%s has %s twice, from %s and from %s; the first counts, remove one"
                    .formatted(
                        policy.service(),
                        instance.address(),
                        sources.get(instance.address()),
                        endpoint.source())));
      }
    }
    return List.copyOf(unique.values());
  }

  /** The endpoint at the policy's port, if it has that. */
  private static Optional<Instance> at(Endpoint endpoint, EffectivePolicy policy) {
    return Optional.ofNullable(endpoint.ports().get(policy.port().name()))
        .map(
            port ->
                new Instance(
                    new StaticAddress(endpoint.address(), port),
                    endpoint.labels(),
                    endpoint.weight(),
                    endpoint.locality(),
                    endpoint.health(),
                    Optional.empty()));
  }

  private static List<Instance> ofBackends(Collection<EffectiveBackend> backends) {
    List<Instance> instances = new ArrayList<>();
    for (EffectiveBackend backend : backends) {
      Optional<Backend> sharing =
          backend.share().isPresent()
              ? Optional.of(new Backend(backend.name(), backend.share().getAsInt()))
              : Optional.empty();
      for (Member member : backend.members()) {
        instances.add(
            new Instance(
                member.address(),
                member.labels(),
                member.weight(),
                member.locality(),
                member.health(),
                sharing));
      }
    }
    return instances;
  }
}
