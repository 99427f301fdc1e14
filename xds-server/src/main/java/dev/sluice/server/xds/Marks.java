package dev.sluice.server.xds;

import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What of a subscription has to be looked at before the next response. Marks, not messages: however
 * many changes come while the client is silent, a name is marked once.
 *
 * <p>Sets that are empty take no memory: most streams have no marks at nearly every moment.
 */
final class Marks {
  /** Later than every publication: nothing is marked. */
  static final long NEVER = Long.MAX_VALUE;

  private static final SortedSet<String> NONE = java.util.Collections.emptySortedSet();

  private SortedSet<String> names = NONE;
  private Set<String> forced = Set.of();
  private boolean everything;
  private boolean owed;
  private long since = NEVER;

  /** {@code name} may differ from what was sent. */
  void mark(String name, long epoch) {
    if (names.isEmpty()) {
      names = new TreeSet<>();
    }
    names.add(name);
    since = Math.min(since, epoch);
  }

  /** {@code name} is sent even when it does not differ. */
  void force(String name, long epoch) {
    if (forced.isEmpty()) {
      forced = new TreeSet<>();
    }
    forced.add(name);
    mark(name, epoch);
  }

  /** Every name that is subscribed to may differ. */
  void markEverything(long epoch) {
    everything = true;
    since = Math.min(since, epoch);
  }

  /** A response is due even when it would be empty. */
  void owe(long epoch) {
    owed = true;
    since = Math.min(since, epoch);
  }

  void unmark(String name) {
    if (!names.isEmpty()) {
      names.remove(name);
    }
  }

  void forget(String name) {
    unmark(name);
    if (!forced.isEmpty()) {
      forced.remove(name);
    }
  }

  void clear() {
    names = NONE;
    forced = Set.of();
    everything = false;
    owed = false;
    since = NEVER;
  }

  boolean isEmpty() {
    return !everything && !owed && names.isEmpty();
  }

  SortedSet<String> names() {
    return names;
  }

  boolean isForced(String name) {
    return forced.contains(name);
  }

  boolean everything() {
    return everything;
  }

  boolean owed() {
    return owed;
  }

  /** The first publication of which something is marked; {@link #NEVER} for none. */
  long since() {
    return since;
  }
}
