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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** An instance of a service at one of the service's ports. */
record Instance(
    StaticAddress address,
    SortedMap<String, String> labels,
    int weight,
    Locality locality,
    Health health,
    String origin) {

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

  /**
   * The instances, each address once: Envoy would silently keep the first of two equal ones. Of one
   * that is unready and one that is not, the latter counts.
   */
  static List<Instance> of(Service service, EffectivePolicy policy, List<Problem> problems) {
    Map<StaticAddress, Instance> unique = new LinkedHashMap<>();
    for (Instance instance : asTold(service, policy)) {
      Instance former = unique.putIfAbsent(instance.address(), instance);
      if (former != null && former.health() == Health.UNHEALTHY) {
        unique.put(instance.address(), instance);
      } else if (former != null && instance.health() != Health.UNHEALTHY) {
        problems.add(
            Notes.warning(
                policy,
                "$.spec.target",
                "%s has %s twice, from %s and from %s; the first counts, remove one"
                    .formatted(
                        policy.service(), instance.address(), former.origin(), instance.origin())));
      }
    }
    return Overrides.apply(List.copyOf(unique.values()), policy);
  }

  /** The instances as their source tells of them, addresses twice included. */
  static List<Instance> asTold(Service service, EffectivePolicy policy) {
    return policy.backends().isEmpty() ? ofCatalog(service, policy) : ofBackends(policy.backends());
  }

  Instance withHealth(Health other) {
    return new Instance(address, labels, weight, locality, other, origin);
  }

  Instance withWeight(int other) {
    return new Instance(address, labels, other, locality, health, origin);
  }

  private static List<Instance> ofCatalog(Service service, EffectivePolicy policy) {
    List<Instance> instances = new ArrayList<>();
    for (Endpoint endpoint : service.endpoints()) {
      Integer port = endpoint.ports().get(policy.port().name());
      if (port != null) {
        instances.add(
            new Instance(
                new StaticAddress(endpoint.address(), port),
                endpoint.labels(),
                endpoint.weight(),
                endpoint.locality(),
                endpoint.health(),
                endpoint.source().toString()));
      }
    }
    return instances;
  }

  private static List<Instance> ofBackends(Collection<EffectiveBackend> backends) {
    List<Instance> instances = new ArrayList<>();
    for (EffectiveBackend backend : backends) {
      for (Member member : backend.members()) {
        SourceName source = member.source();
        String origin = "backend " + backend.name() + (source == null ? "" : " (" + source + ")");
        instances.add(
            new Instance(
                member.address(),
                member.labels(),
                member.weight(),
                member.locality(),
                member.health(),
                origin));
      }
    }
    return instances;
  }
}
