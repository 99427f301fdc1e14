package dev.sluice.server.source.consul;

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
import org.jspecify.annotations.Nullable;

/**
 * Doubts what a Consul lacks whose index went backwards: it was restored from a snapshot or began
 * anew, and agents tell it only by and by what they run. What it knew before stays for a while,
 * each instance until it is seen once more. Of the source's thread, in the time of {@link
 * System#nanoTime}.
 */
final class Restored {
  private final Duration hold;
  private final Map<String, Map<Instance.Key, Instance>> kept = new HashMap<>();
  private @Nullable Long until;

  /**
   * Nothing is doubted yet.
   *
   * @param hold how long; zero not to
   */
  Restored(Duration hold) {
    this.hold = hold;
  }

  /** The index went backwards, when these instances were known. */
  void begin(Map<String, List<Instance>> known, long at) {
    if (!hold.isPositive()) {
      return;
    }
    kept.clear();
    until = at + hold.toNanos();
    known.forEach(
        (service, instances) -> {
          Map<Instance.Key, Instance> of = new HashMap<>();
          instances.forEach(one -> of.put(one.key(), one));
          if (!of.isEmpty()) {
            kept.put(service, of);
          }
        });
  }

  /** What is known of a service by now, and what is not certain to be gone. */
  List<Instance> with(String service, List<Instance> now) {
    Map<Instance.Key, Instance> missing = kept.get(service);
    if (missing == null) {
      return now;
    }
    now.forEach(one -> missing.remove(one.key()));
    if (missing.isEmpty()) {
      kept.remove(service);
    }
    List<Instance> all = new ArrayList<>(now);
    all.addAll(missing.values());
    return all;
  }

  /** The services of which something is kept. */
  SortedMap<String, Integer> kept() {
    SortedMap<String, Integer> counts = new TreeMap<>();
    kept.forEach((service, of) -> counts.put(service, of.size()));
    return counts;
  }

  /** Ends the doubt if it is time; gives the services of which something was kept. */
  Set<String> end(long at) {
    Long time = until;
    if (time == null || at - time < 0) {
      return Set.of();
    }
    Set<String> services = new HashSet<>(kept.keySet());
    kept.clear();
    until = null;
    return services;
  }

  /** Until when things are kept. */
  OptionalLong until() {
    Long time = until;
    return time == null || kept.isEmpty() ? OptionalLong.empty() : OptionalLong.of(time);
  }
}
