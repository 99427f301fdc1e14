package dev.sluice.translate;

import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Service;
import dev.sluice.policy.attach.EffectiveBackend;
import dev.sluice.policy.attach.EffectivePolicy;
import dev.sluice.problem.Problem;
import dev.sluice.spec.StaticAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

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
   * The instances that may be sent anything, each address once: Envoy would silently keep the first
   * of two equal ones.
   */
  static List<Instance> of(Service service, EffectivePolicy policy, List<Problem> problems) {
    List<Instance> all =
        policy.backends().isEmpty() ? ofCatalog(service, policy) : ofBackends(policy.backends());
    Map<StaticAddress, Instance> unique = new LinkedHashMap<>();
    for (Instance instance : all) {
      Instance former = unique.putIfAbsent(instance.address(), instance);
      if (former != null) {
        problems.add(
            Notes.warning(
                policy,
                "$.spec.target",
                "%s has %s twice, from %s and from %s; the first counts, remove one"
                    .formatted(
                        policy.service(), instance.address(), former.origin(), instance.origin())));
      }
    }
    return List.copyOf(unique.values());
  }

  private static List<Instance> ofCatalog(Service service, EffectivePolicy policy) {
    List<Instance> instances = new ArrayList<>();
    for (Endpoint endpoint : service.endpoints()) {
      Integer port = endpoint.ports().get(policy.port().name());
      if (port != null && endpoint.health() != Health.UNHEALTHY) {
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
      if (backend.weight() > 0) {
        for (StaticAddress address : backend.addresses()) {
          instances.add(
              new Instance(
                  address,
                  new TreeMap<>(),
                  backend.weight(),
                  backend.locality(),
                  Health.HEALTHY,
                  "backend " + backend.name()));
        }
      }
    }
    return instances;
  }
}
