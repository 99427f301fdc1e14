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

/**
 * Doubts what a Consul lacks whose index went backwards: it was restored from a snapshot or began
 * anew, and agents tell it only by and by what they run. What it knew before stays for a while,
 * each instance until it is seen once more. Of the source's thread, in the time of {@link
 * System#nanoTime}.
 */
final class Restored {
  private final Duration hold;
  private final Map<String, Doubt> doubts = new HashMap<>();

  /** A service whose instances are doubted, and which of them were not seen since. */
  private static final class Doubt {
    private final Map<Instance.Key, Instance> unseen = new HashMap<>();
    private final long until;
    private boolean asked;

    Doubt(List<Instance> known, long until) {
      known.forEach(one -> unseen.put(one.key(), one));
      this.until = until;
    }
  }

  /**
   * What is kept of a service.
   *
   * @param count how many instances
   * @param until when
   */
  record Kept(int count, long until) {}

  /**
   * Nothing is doubted yet.
   *
   * @param hold how long; zero not to
   */
  Restored(Duration hold) {
    this.hold = hold;
  }

  /**
   * The index of all services went backwards, when these instances were known; of a service that is
   * doubted already, it counts what was known then.
   */
  void begin(Map<String, List<Instance>> known, long at) {
    known.forEach(
        (service, instances) -> {
          if (!doubts.containsKey(service)) {
            begin(service, instances, at);
          }
        });
  }

  /** The index of one service went backwards, when these instances were known. */
  void begin(String service, List<Instance> known, long at) {
    if (!hold.isPositive()) {
      return;
    }
    Doubt next = new Doubt(known, at + hold.toNanos());
    Doubt before = doubts.put(service, next);
    if (before != null) {
      before.unseen.forEach(next.unseen::putIfAbsent);
    }
  }

  /** A service is not doubted any more. */
  void forget(String service) {
    doubts.remove(service);
  }

  /** What is known of a service by now, and what is not certain to be gone. */
  List<Instance> with(String service, List<Instance> now) {
    Doubt doubt = doubts.get(service);
    if (doubt == null) {
      return now;
    }
    doubt.asked = true;
    now.forEach(one -> doubt.unseen.remove(one.key()));
    List<Instance> all = new ArrayList<>(now);
    all.addAll(doubt.unseen.values());
    return all;
  }

  /** The services of which something is kept that Consul lacks. */
  SortedMap<String, Kept> kept() {
    SortedMap<String, Kept> kept = new TreeMap<>();
    doubts.forEach(
        (service, doubt) -> {
          if (doubt.asked && !doubt.unseen.isEmpty()) {
            kept.put(service, new Kept(doubt.unseen.size(), doubt.until));
          }
        });
    return kept;
  }

  /** Ends the doubts whose time is over; gives the services of which something was kept. */
  Set<String> end(long at) {
    Set<String> ended = new HashSet<>();
    doubts
        .entrySet()
        .removeIf(
            it -> {
              boolean over = at - it.getValue().until >= 0;
              if (over && !it.getValue().unseen.isEmpty()) {
                ended.add(it.getKey());
              }
              return over;
            });
    return ended;
  }

  /** Until when something is kept that will go first. */
  OptionalLong until() {
    return doubts.values().stream()
        .filter(doubt -> !doubt.unseen.isEmpty())
        .mapToLong(doubt -> doubt.until)
        .min();
  }
}
