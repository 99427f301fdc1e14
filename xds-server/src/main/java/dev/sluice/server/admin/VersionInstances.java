package dev.sluice.server.admin;

import dev.sluice.catalog.Service;
import dev.sluice.policy.attach.EffectivePolicy;
import dev.sluice.policy.attach.EffectivePolicy.EffectiveVersion;
import dev.sluice.policy.attach.PolicyIndex;
import dev.sluice.policy.attach.Scope;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** How many instances each version of a policy has, in whatever health. */
final class VersionInstances {
  private VersionInstances() {}

  /** The counts by the versions' names; empty where it is about no port, or has no versions. */
  static SortedMap<String, Integer> of(Scope scope, PolicyIndex index) {
    SortedMap<String, Integer> counts = new TreeMap<>();
    if (scope instanceof Scope.OfPort of) {
      for (EffectivePolicy port : index.policies(of.service())) {
        if (port.port().number() == of.port()) {
          List<? extends Map<String, String>> instances = labels(port, index).toList();
          for (EffectiveVersion version : port.versions()) {
            counts.put(version.name(), count(version, instances));
          }
        }
      }
    }
    return counts;
  }

  private static Stream<? extends Map<String, String>> labels(
      EffectivePolicy port, PolicyIndex index) {
    if (!port.backends().isEmpty()) {
      return port.backends().stream()
          .flatMap(backend -> backend.members().stream())
          .map(member -> member.labels());
    }
    Service service = index.services().get(port.service());
    return service == null
        ? Stream.empty()
        : service.endpoints().stream()
            .filter(endpoint -> endpoint.ports().containsKey(port.port().name()))
            .map(endpoint -> endpoint.labels());
  }

  private static int count(
      EffectiveVersion version, Collection<? extends Map<String, String>> instances) {
    return (int)
        instances.stream()
            .filter(labels -> labels.entrySet().containsAll(version.labels().entrySet()))
            .count();
  }
}
