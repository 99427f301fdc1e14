package dev.sluice.server.demand;

import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** A set of which an element stays for a while after it was left out; of one thread. */
final class Lingering<T extends Comparable<T>> {
  private final long nanos;
  private final Map<T, Long> leaving = new HashMap<>();
  private SortedSet<T> elements = Collections.emptySortedSet();

  Lingering(Duration length) {
    this.nanos = length.toNanos();
  }

  /**
   * These are wanted.
   *
   * @param now in the time of {@link System#nanoTime}
   * @return whether the set is another now
   */
  boolean put(Collection<T> wanted, long now) {
    Set<T> after = new TreeSet<>(wanted);
    leaving.keySet().removeIf(after::contains);
    for (T one : elements) {
      if (!after.contains(one)) {
        leaving.putIfAbsent(one, now);
      }
    }
    leaving.values().removeIf(since -> now - since >= nanos);
    after.addAll(leaving.keySet());
    boolean changed = !after.equals(elements);
    elements = Collections.unmodifiableSortedSet(new TreeSet<>(after));
    return changed;
  }

  SortedSet<T> elements() {
    return elements;
  }
}
