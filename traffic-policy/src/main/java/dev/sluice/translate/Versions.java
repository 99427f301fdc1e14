package dev.sluice.translate;

import dev.sluice.policy.attach.ClusterPolicy;
import dev.sluice.policy.attach.EffectivePolicy;
import dev.sluice.policy.attach.EffectivePolicy.EffectiveVersion;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Which instances are of which version, each as the clients of its Cluster are told of it.
 *
 * @param all every instance, of whatever version
 * @param declared every instance of a declared version
 * @param byVersion the instances with the labels of each version, as declared
 * @param ready versions with an instance that takes new requests
 */
record Versions(
    List<Instance> all,
    List<Instance> declared,
    Map<String, List<Instance>> byVersion,
    SortedSet<String> ready) {

  static Versions of(EffectivePolicy policy, List<Instance> instances, ClientKind client) {
    return of(policy.versions(), policy.cluster(), instances, client);
  }

  static Versions of(
      List<EffectiveVersion> declared,
      ClusterPolicy cluster,
      List<Instance> instances,
      ClientKind client) {
    Map<String, List<Instance>> byVersion = new LinkedHashMap<>();
    SortedSet<String> ready = new TreeSet<>();
    for (EffectiveVersion version : declared) {
      List<Instance> members =
          part(
              version,
              told(
                  instances.stream().filter(instance -> instance.hasLabels(version.labels())),
                  version.cluster(),
                  client));
      byVersion.put(version.name(), members);
      if (members.stream().anyMatch(Instance::isReady)) {
        ready.add(version.name());
      }
    }
    List<Instance> all = told(instances.stream(), cluster, client);
    List<Instance> ofAny =
        all.stream()
            .filter(each -> declared.stream().anyMatch(version -> each.hasLabels(version.labels())))
            .toList();
    return new Versions(all, ofAny, byVersion, ready);
  }

  /** The first ones that are ready, by address: the same wherever this is asked. */
  private static List<Instance> part(EffectiveVersion version, List<Instance> members) {
    return version.part().isEmpty()
        ? members
        : members.stream()
            .filter(Instance::isReady)
            .sorted(
                Comparator.comparing((Instance one) -> one.address().ip())
                    .thenComparingInt(one -> one.address().port()))
            .limit(version.part().getAsInt())
            .toList();
  }

  private static List<Instance> told(
      Stream<Instance> instances, ClusterPolicy cluster, ClientKind client) {
    return instances
        .map(instance -> instance.told(cluster, client))
        .flatMap(Optional::stream)
        .toList();
  }

  List<Instance> instances(String version) {
    return byVersion.getOrDefault(version, List.of());
  }

  /** The instances of each version that are of no version declared before it. */
  Map<String, List<Instance>> disjoint() {
    Set<Instance> taken = new LinkedHashSet<>();
    Map<String, List<Instance>> disjoint = new LinkedHashMap<>();
    byVersion.forEach(
        (version, members) -> {
          List<Instance> own = new ArrayList<>();
          for (Instance member : members) {
            if (taken.add(member)) {
              own.add(member);
            }
          }
          disjoint.put(version, own);
        });
    return disjoint;
  }
}
