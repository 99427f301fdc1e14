package dev.sluice.translate;

import dev.sluice.catalog.Service;
import dev.sluice.policy.attach.EffectivePolicy;
import dev.sluice.policy.attach.EffectivePolicy.EffectiveVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The instances of one version as Envoys are told of them.
 *
 * @param ready those that take new requests
 * @param total all that the source knows, also those that are left out
 */
public record VersionCounts(int ready, int total) {
  /** Of each declared version, by its name; also those that a rollout has not take part yet. */
  public static SortedMap<String, VersionCounts> of(Service service, EffectivePolicy policy) {
    List<Instance> instances = Instance.of(service, policy, new ArrayList<>());
    List<Instance> told = Instance.asTold(service, policy);
    Versions versions =
        Versions.of(
            policy.versions().stream().map(EffectiveVersion::whole).toList(),
            policy.cluster(),
            instances,
            ClientKind.ENVOY);
    SortedMap<String, VersionCounts> counts = new TreeMap<>();
    for (EffectiveVersion version : policy.versions()) {
      long ready = versions.instances(version.name()).stream().filter(Instance::isReady).count();
      long total = told.stream().filter(one -> one.hasLabels(version.labels())).count();
      counts.put(version.name(), new VersionCounts((int) ready, (int) total));
    }
    return counts;
  }
}
