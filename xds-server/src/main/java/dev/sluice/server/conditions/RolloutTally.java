package dev.sluice.server.conditions;

import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * How a replica's proxies are with a rollout.
 *
 * @param serial which of the states that were kept of it the replica has in force
 * @param generation which edition of the policy it has
 * @param acknowledged how many of its proxies use what that makes
 * @param concerned how many are to use it
 * @param pending those that have not answered, by id; of many the first
 * @param refused those that do not want it, by id, with their words; of many the first
 * @param held those of the pending that are not given it, by id, with the reason; of many the first
 * @param barred how many there are of the two; an earlier version of the server tells 0
 */
public record RolloutTally(
    long serial,
    long generation,
    int acknowledged,
    int concerned,
    SortedSet<String> pending,
    SortedMap<String, String> refused,
    SortedMap<String, String> held,
    int barred) {
  /** Beyond these nobody reads on, and a report has to stay small. */
  private static final int MOST_NAMES = 20;

  private static final int MOST = 5;

  public RolloutTally {
    pending = Collections.unmodifiableSortedSet(new TreeSet<>(pending));
    refused = Collections.unmodifiableSortedMap(new TreeMap<>(refused));
    held = // An earlier version of the server tells of none.
        Collections.unmodifiableSortedMap(
            new TreeMap<>(Objects.requireNonNullElse(held, Collections.emptySortedMap())));
  }

  /** The same with no more names than a report is to have. */
  RolloutTally brief() {
    TreeSet<String> names = new TreeSet<>();
    pending.stream().limit(MOST_NAMES).forEach(names::add);
    return new RolloutTally(
        serial,
        generation,
        acknowledged,
        concerned,
        names,
        first(refused, MOST),
        first(held, MOST_NAMES),
        barred);
  }

  /** The same with one refusal and one reason at most, and no other names. */
  RolloutTally withoutNames() {
    return new RolloutTally(
        serial,
        generation,
        acknowledged,
        concerned,
        Collections.emptySortedSet(),
        first(refused, 1),
        first(held, 1),
        barred);
  }

  private static SortedMap<String, String> first(SortedMap<String, String> words, int most) {
    TreeMap<String, String> first = new TreeMap<>();
    words.entrySet().stream()
        .limit(most)
        .forEach(one -> first.put(one.getKey(), ReplicaReport.brief(one.getValue())));
    return first;
  }
}
