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
 * @param pending those that have not answered, by id
 * @param refused those that do not want it, by id, with their words
 */
public record Confirmation(
    int acknowledged, int concerned, SortedSet<String> pending, SortedMap<String, String> refused) {
  /** No proxy is concerned. */
  public static final Confirmation OF_NONE =
      new Confirmation(0, 0, Collections.emptySortedSet(), Collections.emptySortedMap());

  public Confirmation {
    pending = Collections.unmodifiableSortedSet(new TreeSet<>(pending));
    refused = Collections.unmodifiableSortedMap(new TreeMap<>(refused));
  }

  /** Whether every proxy uses it. */
  public boolean isComplete() {
    return acknowledged >= concerned;
  }

  /** Those that do not use it. */
  SortedSet<String> behind() {
    TreeSet<String> behind = new TreeSet<>(pending);
    behind.addAll(refused.keySet());
    return Collections.unmodifiableSortedSet(behind);
  }

  @Override
  public String toString() {
    return acknowledged + "/" + concerned;
  }
}
