package dev.sluice.server.rollout;

import java.util.Collections;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What connected proxies have acknowledged of what a policy makes at the shares that are in force.
 *
 * @param acknowledged how many use it
 * @param concerned how many are to use it
 * @param pending those that do not use it and have not refused it, by id
 * @param refused those that do not want it, by id, with their words; others of their group are
 *     pending, since they are not given it
 * @param held those of the pending that are not given it, since others refused it or are to have it
 *     first, by id, with the reason
 * @param elsewhere with which replica those are that another one told of, by id
 */
public record Confirmation(
    int acknowledged,
    int concerned,
    SortedSet<String> pending,
    SortedMap<String, String> refused,
    SortedMap<String, String> held,
    SortedMap<String, String> elsewhere) {
  private static final int MOST_NAMES = 3;

  /** No proxy is concerned. */
  public static final Confirmation OF_NONE =
      new Confirmation(0, 0, Collections.emptySortedSet(), Collections.emptySortedMap());

  public Confirmation {
    pending = Collections.unmodifiableSortedSet(new TreeSet<>(pending));
    refused = Collections.unmodifiableSortedMap(new TreeMap<>(refused));
    held = Collections.unmodifiableSortedMap(new TreeMap<>(held));
    elsewhere = Collections.unmodifiableSortedMap(new TreeMap<>(elsewhere));
  }

  /** That of one server. */
  Confirmation(
      int acknowledged,
      int concerned,
      SortedSet<String> pending,
      SortedMap<String, String> refused,
      SortedMap<String, String> held) {
    this(acknowledged, concerned, pending, refused, held, Collections.emptySortedMap());
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

  /** Some of {@link #behind} by name; empty for nobody. */
  String names() {
    SortedSet<String> behind = behind();
    String names = behind.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
    return behind.size() > MOST_NAMES ? names + " and others" : names;
  }

  @Override
  public String toString() {
    return acknowledged + "/" + concerned;
  }
}
