package dev.sluice.server.pipeline;

import dev.sluice.catalog.ServiceId;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Which services' requests are copied to which, so that a service is looked at anew when one
 * changes that its copies go to. Only the pipeline's thread touches it.
 */
final class Mirroring {
  private final Map<ServiceId, Set<ServiceId>> targets = new HashMap<>();
  private final Map<ServiceId, SortedSet<ServiceId>> sources = new HashMap<>();

  /** One that goes its own way from here. */
  Mirroring copy() {
    Mirroring copy = new Mirroring();
    copy.targets.putAll(targets);
    sources.forEach((target, from) -> copy.sources.put(target, new TreeSet<>(from)));
    return copy;
  }

  /** Says where the copies of a service's requests go from now on. */
  void put(ServiceId service, Set<ServiceId> now) {
    Set<ServiceId> before = now.isEmpty() ? targets.remove(service) : targets.put(service, now);
    if (before != null) {
      for (ServiceId target : before) {
        sources.computeIfPresent(
            target,
            (ignored, from) -> {
              from.remove(service);
              return from.isEmpty() ? null : from;
            });
      }
    }
    now.forEach(target -> sources.computeIfAbsent(target, _ -> new TreeSet<>()).add(service));
  }

  /** These and those whose copies go to one of them. */
  SortedSet<ServiceId> withSources(Collection<ServiceId> services) {
    SortedSet<ServiceId> all = new TreeSet<>(services);
    services.forEach(service -> all.addAll(sources.getOrDefault(service, new TreeSet<>())));
    return all;
  }
}
