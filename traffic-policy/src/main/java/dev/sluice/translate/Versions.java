package dev.sluice.translate;

import dev.sluice.policy.attach.EffectivePolicy.EffectiveVersion;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which instances are of which version.
 *
 * @param all every instance, of whatever version
 * @param byVersion the instances with the labels of each version, as declared
 * @param ready versions with an instance that takes new requests
 */
record Versions(
    List<Instance> all, Map<String, List<Instance>> byVersion, SortedSet<String> ready) {

  static Versions of(List<EffectiveVersion> declared, List<Instance> instances) {
    Map<String, List<Instance>> byVersion = new LinkedHashMap<>();
    SortedSet<String> ready = new TreeSet<>();
    for (EffectiveVersion version : declared) {
      List<Instance> members =
          instances.stream().filter(instance -> instance.hasLabels(version.labels())).toList();
      byVersion.put(version.name(), members);
      if (members.stream().anyMatch(Instance::isReady)) {
        ready.add(version.name());
      }
    }
    return new Versions(instances, byVersion, ready);
  }

  List<Instance> instances(String version) {
    return byVersion.getOrDefault(version, List.of());
  }

  /** The instances of all declared versions, each once. */
  List<Instance> declared() {
    Set<Instance> union = new LinkedHashSet<>();
    byVersion.values().forEach(union::addAll);
    return List.copyOf(union);
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
