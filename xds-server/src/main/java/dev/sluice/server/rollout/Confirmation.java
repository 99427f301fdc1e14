package dev.sluice.server.rollout;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What connected proxies have acknowledged of what a policy makes at the shares that are in force.
 *
 * @param acknowledged how many use it
 * @param concerned how many are to use it
 * @param pending those that do not use it and have not refused it, by id
 * @param refused those that do not want it, by id, with their words; others of their group are
 *     pending, since they are not given it
 * @param held those of the pending that are not given it while it comes to others first, by id,
 *     with the reason
 */
public record Confirmation(
    int acknowledged,
    int concerned,
    SortedSet<String> pending,
    SortedMap<String, String> refused,
    SortedMap<String, String> held) {
  /** No proxy is concerned. */
  public static final Confirmation OF_NONE =
      new Confirmation(0, 0, Collections.emptySortedSet(), Collections.emptySortedMap());

  public Confirmation {
    pending = Collections.unmodifiableSortedSet(new TreeSet<>(pending));
    refused = Collections.unmodifiableSortedMap(new TreeMap<>(refused));
    held = Collections.unmodifiableSortedMap(new TreeMap<>(held));
  }

  /** Where nobody is held back. */
  Confirmation(
      int acknowledged,
      int concerned,
      SortedSet<String> pending,
      SortedMap<String, String> refused) {
    this(acknowledged, concerned, pending, refused, Collections.emptySortedMap());
  }

  /** Whether every proxy uses it. */
  public boolean isComplete() {
    return acknowledged >= concerned;
  }

  /** Those that do not use it. */
  SortedSet<String> behind() {
    if (refused.isEmpty()) {
      return pending;
    }
    TreeSet<String> behind = new TreeSet<>(pending);
    behind.addAll(refused.keySet());
    return Collections.unmodifiableSortedSet(behind);
  }

  @Override
  public String toString() {
    return acknowledged + "/" + concerned;
  }
}
