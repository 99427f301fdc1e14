package dev.sluice.server.rollout;

import dev.sluice.server.conditions.RolloutTally;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Sums what the proxies of all replicas have acknowledged of a rollout. */
final class AllReplicas {
  private AllReplicas() {}

  /**
   * The sum.
   *
   * @param own how this replica's proxies are
   * @param others what the others told, by who they are
   * @param serial the kept state that they are to have in force; of one that has another it is
   *     known only that it is not done
   * @param generation the edition of the policy that they are to have
   */
  static Confirmation of(
      Confirmation own,
      SortedMap<String, Optional<RolloutTally>> others,
      long serial,
      long generation) {
    if (others.isEmpty()) {
      return own;
    }
    int acknowledged = own.acknowledged();
    int concerned = own.concerned();
    TreeSet<String> pending = new TreeSet<>(own.pending());
    TreeMap<String, String> refused = new TreeMap<>(own.refused());
    TreeMap<String, String> held = new TreeMap<>(own.held());
    TreeMap<String, String> elsewhere = new TreeMap<>();
    for (var one : others.entrySet()) {
      RolloutTally told = one.getValue().orElse(null);
      if (told == null || told.serial() != serial || told.generation() != generation) {
        pending.add(untold(one.getKey()));
        concerned += Math.max(1, told == null ? 1 : told.concerned());
        continue;
      }
      acknowledged += told.acknowledged();
      concerned += told.concerned();
      pending.addAll(told.pending());
      refused.putAll(told.refused());
      held.putAll(told.held());
      told.pending().forEach(proxy -> elsewhere.put(proxy, one.getKey()));
      told.refused().keySet().forEach(proxy -> elsewhere.put(proxy, one.getKey()));
      int named = told.pending().size() + told.refused().size();
      int behind = told.concerned() - told.acknowledged();
      if (named < behind) { // Too many to be named.
        String unnamed =
            (named == 0 ? "proxies of the replica " : "more proxies of the replica ")
                + one.getKey();
        pending.add(unnamed);
        elsewhere.put(unnamed, one.getKey());
        if (told.barred() >= behind) {
          held.put(unnamed, "they or others refused it");
        }
      }
    }
    return new Confirmation(acknowledged, concerned, pending, refused, held, elsewhere);
  }

  /** What stands for all proxies of a replica, of which it is not known how they are. */
  static String untold(String replica) {
    return "replica " + replica;
  }

  /** What a replica tells of its own. */
  static RolloutTally tally(Confirmation own, long serial, long generation) {
    return new RolloutTally(
        serial,
        generation,
        own.acknowledged(),
        own.concerned(),
        own.pending(),
        own.refused(),
        own.held(),
        own.refused().size() + own.held().size());
  }
}
