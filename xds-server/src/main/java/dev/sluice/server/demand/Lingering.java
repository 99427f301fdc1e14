package dev.sluice.server.demand;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** A set of which an element stays for a while after it was left out; of one thread. */
final class Lingering<T extends Comparable<T>> {
  private final long nanos;
  private final Map<T, Long> leaving = new HashMap<>();
  private final SortedMap<T, Long> since = new TreeMap<>();

  Lingering(Duration length) {
    this.nanos = length.toNanos();
  }

  /**
   * These are wanted.
   *
   * @param version what those are marked with that are new
   * @param now in the time of {@link System#nanoTime}
   * @return whether the set is another now
   */
  boolean put(Collection<T> wanted, long version, long now) {
    Set<T> after = new TreeSet<>(wanted);
    leaving.keySet().removeIf(after::contains);
    for (T one : since.keySet()) {
      if (!after.contains(one)) {
        leaving.putIfAbsent(one, now);
      }
    }
    leaving.values().removeIf(from -> now - from >= nanos);
    after.addAll(leaving.keySet());
    boolean changed = since.keySet().removeIf(one -> !after.contains(one));
    for (T one : after) {
      changed |= since.putIfAbsent(one, version) == null;
    }
    return changed;
  }

  /** What is in it, each with the version in which it came. */
  SortedMap<T, Long> since() {
    return Collections.unmodifiableSortedMap(since);
  }
}
