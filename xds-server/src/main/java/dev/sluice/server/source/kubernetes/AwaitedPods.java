package dev.sluice.server.source.kubernetes;

import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Leaves new instances out until their pods are known; of the source's thread. Slices and pods come
 * by watches of their own: an instance whose pod is not yet known has no labels and so is of no
 * version, while those that it replaces may be gone by the same slice. Such one stays as it was
 * where no instance is left with its labels.
 *
 * <p>It waits for a moment only, since a pod may not be there at all. While pods are not watched,
 * as when they are listed anew, it waits longer: slices may be done much earlier.
 *
 * <p>Times are those of {@link System#nanoTime}.
 */
final class AwaitedPods {
  private static final Duration LATE = Duration.ofMillis(300);
  private static final Duration NOT_LIVE = Duration.ofSeconds(10);

  private final Map<ServiceId, Long> waitingSince = new HashMap<>();
  private boolean live;

  /** Notes whether pods come in as they change. */
  void live(boolean now) {
    live = now;
  }

  /**
   * The service without instances whose pods are awaited.
   *
   * @param told as it was told
   * @param now as it is
   * @param unknown addresses of new instances whose pods are not known
   */
  Service without(Set<String> unknown, Service told, Service now, long at) {
    if (unknown.isEmpty()) {
      waitingSince.remove(now.id());
      return now;
    }
    if (at - waitingSince.computeIfAbsent(now.id(), _ -> at) >= patience()) {
      waitingSince.remove(now.id());
      return now;
    }
    List<Endpoint> endpoints = new ArrayList<>();
    Set<String> there = new HashSet<>();
    Set<SortedMap<String, String>> served = new HashSet<>();
    for (Endpoint one : now.endpoints()) {
      if (one.health() == Health.HEALTHY && !unknown.contains(one.address())) {
        there.add(one.address());
        served.add(labels(one));
        endpoints.add(one);
      }
    }
    for (Endpoint one : told.endpoints()) {
      boolean isThere = unknown.contains(one.address()); // As another pod by now.
      if (one.health() == Health.HEALTHY && !isThere && !served.contains(labels(one))) {
        there.add(one.address());
        endpoints.add(one);
      }
    }
    now.endpoints().stream()
        .filter(one -> !unknown.contains(one.address()) && !there.contains(one.address()))
        .forEach(endpoints::add);
    return new Service(now.id(), now.ports(), endpoints, now.host());
  }

  /** Those of its version, and not its own name. */
  private static SortedMap<String, String> labels(Endpoint endpoint) {
    SortedMap<String, String> labels = new TreeMap<>(endpoint.labels());
    labels.remove(Endpoint.POD_LABEL);
    return labels;
  }

  /** It waits for no pod any more. */
  void forget(ServiceId id) {
    waitingSince.remove(id);
  }

  /** The services that have waited long enough. */
  Set<ServiceId> due(long at) {
    Set<ServiceId> due = new HashSet<>();
    waitingSince.forEach(
        (id, since) -> {
          if (at - since >= patience()) {
            due.add(id);
          }
        });
    return due;
  }

  /** When the next has waited long enough. */
  OptionalLong next() {
    return waitingSince.values().stream().mapToLong(since -> since + patience()).min();
  }

  private long patience() {
    return (live ? LATE : NOT_LIVE).toNanos();
  }
}
