package dev.sluice.server.admin;

import dev.sluice.catalog.Health;
import dev.sluice.catalog.Service;
import dev.sluice.policy.attach.EffectiveOverride;
import dev.sluice.policy.attach.EffectivePolicy;
import dev.sluice.policy.attach.EffectivePolicy.EffectiveVersion;
import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.policy.attach.Scope;
import dev.sluice.spec.InstanceOverride.State;
import dev.sluice.spec.StaticAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * How many instances each version of a policy has, in whatever health.
 *
 * @param all by the versions' names; empty where it is about no port, or has no versions
 * @param drained versions that have instances, every one of which is taken out or draining
 */
record VersionInstances(SortedMap<String, Integer> all, List<String> drained) {
  private record Instance(StaticAddress address, Map<String, String> labels, Health health) {
    boolean isOf(EffectiveVersion version) {
      return labels.entrySet().containsAll(version.labels().entrySet());
    }

    /** As people want it, or else as its source says. */
    boolean isDrained(List<EffectiveOverride> overrides) {
      Optional<State> wanted =
          overrides.stream()
              .filter(one -> one.isAbout(address, labels))
              .flatMap(one -> one.state().stream())
              .sorted()
              .findFirst();
      return wanted.map(state -> state != State.IN).orElse(health == Health.DRAINING);
    }
  }

  VersionInstances {
    drained = List.copyOf(drained);
  }

  /** Those of the policy of that scope. */
  static VersionInstances of(Scope scope, PolicyIndex index) {
    SortedMap<String, Integer> counts = new TreeMap<>();
    SortedMap<String, Boolean> drained = new TreeMap<>();
    if (scope instanceof Scope.OfPort of) {
      for (EffectivePolicy port : index.policies(of.service())) {
        if (port.port().number() == of.port()) {
          List<Instance> instances = instances(port, index).toList();
          for (EffectiveVersion version : port.versions()) {
            List<Instance> own = instances.stream().filter(one -> one.isOf(version)).toList();
            counts.put(version.name(), own.size());
            drained.put(
                version.name(),
                !own.isEmpty() && own.stream().allMatch(one -> one.isDrained(port.overrides())));
          }
        }
      }
    }
    drained.values().removeIf(isDrained -> !isDrained);
    return new VersionInstances(counts, List.copyOf(drained.keySet()));
  }

  private static Stream<Instance> instances(EffectivePolicy port, PolicyIndex index) {
    if (!port.backends().isEmpty()) {
      return port.backends().stream()
          .flatMap(backend -> backend.members().stream())
          .map(member -> new Instance(member.address(), member.labels(), member.health()));
    }
    Service service = index.services().get(port.service());
    return service == null
        ? Stream.empty()
        : service.endpoints().stream()
            .flatMap(
                endpoint ->
                    Optional.ofNullable(endpoint.ports().get(port.port().name())).stream()
                        .map(
                            number ->
                                new Instance(
                                    new StaticAddress(endpoint.address(), number),
                                    endpoint.labels(),
                                    endpoint.health())));
  }
}
