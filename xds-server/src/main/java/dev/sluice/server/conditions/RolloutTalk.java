package dev.sluice.server.conditions;

import dev.sluice.spec.DocumentKey;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What those who carry out rollouts and those who write statuses tell each other. Any thread may
 * say and ask.
 */
public final class RolloutTalk {
  /** What was heard of the others counts for so long: as long as what a silent one told. */
  private static final Duration COUNTS = ReplicaReports.SILENCE;

  private volatile SortedMap<DocumentKey, RolloutTally> tallies = Collections.emptySortedMap();
  private volatile SortedMap<DocumentKey, Condition> conditions = Collections.emptySortedMap();
  private volatile Optional<Heard> heard = Optional.empty();

  /**
   * What the other replicas told.
   *
   * @param replicas of each that lives, by who it is, its rollouts by their policies' texts
   * @param at when, in the time of {@link System#nanoTime}
   */
  private record Heard(Map<String, SortedMap<String, RolloutTally>> replicas, long at) {}

  /** How this replica's proxies are with each rollout that goes on. */
  public void tally(SortedMap<DocumentKey, RolloutTally> own) {
    tallies = Collections.unmodifiableSortedMap(new TreeMap<>(own));
  }

  /** What a status is to say of each policy that has a rollout. */
  public void conditions(SortedMap<DocumentKey, Condition> all) {
    conditions = Collections.unmodifiableSortedMap(new TreeMap<>(all));
  }

  /**
   * What each living replica but this one told of a policy's rollout, by who it is; an empty
   * Optional of one that told nothing. Empty as a whole while it is not known who there is: also
   * where this replica does not lead.
   *
   * @param now in the time of {@link System#nanoTime}
   */
  public Optional<SortedMap<String, Optional<RolloutTally>>> others(DocumentKey policy, long now) {
    return heard
        .filter(it -> now - it.at() < COUNTS.toNanos())
        .map(
            it -> {
              SortedMap<String, Optional<RolloutTally>> all = new TreeMap<>();
              it.replicas()
                  .forEach(
                      (replica, told) ->
                          all.put(replica, Optional.ofNullable(told.get(policy.toString()))));
              return all;
            });
  }

  SortedMap<String, RolloutTally> tallies() {
    SortedMap<String, RolloutTally> brief = new TreeMap<>();
    tallies.forEach((policy, tally) -> brief.put(policy.toString(), tally.brief()));
    return brief;
  }

  Optional<Condition> condition(DocumentKey policy) {
    return Optional.ofNullable(conditions.get(policy));
  }

  void heard(Map<String, SortedMap<String, RolloutTally>> replicas, long now) {
    heard = Optional.of(new Heard(replicas, now));
  }

  /** It is not known any more who there is. */
  void deaf() {
    heard = Optional.empty();
  }
}
