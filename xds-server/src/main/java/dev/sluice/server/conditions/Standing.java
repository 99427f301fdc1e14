package dev.sluice.server.conditions;

import dev.sluice.policy.attach.PolicyStatus;
import dev.sluice.problem.Problem;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * How a document stands: all that its status is made of.
 *
 * @param uid whether it is still the same after it was deleted and made again
 * @param generation which edition of it this is about
 * @param problems what is wrong with that edition by itself
 * @param policy what became of it beside the others; empty for kinds that conflict with none
 * @param missing what it names that is not there, beside what {@code policy} says
 * @param split the shares of its versions, such as {@code v1=90,v2=10}; empty where it has none
 * @param rollout what is to be said of its rollout; empty where it has none
 * @param tally how proxies are with it
 */
record Standing(
    String uid,
    long generation,
    List<Problem> problems,
    Optional<PolicyStatus> policy,
    List<Problem> missing,
    String split,
    Optional<Condition> rollout,
    Tally tally) {
  Standing {
    Objects.requireNonNull(uid);
    problems = List.copyOf(problems);
    Objects.requireNonNull(policy);
    missing = List.copyOf(missing);
    Objects.requireNonNull(split);
    Objects.requireNonNull(rollout);
    Objects.requireNonNull(tally);
  }

  /** The same for the time until it is known what became of this edition. */
  Standing onItsWay() {
    return new Standing(
        uid, generation, problems, policy, missing, split, rollout, tally.onItsWay());
  }

  /** Whether it is known what became of this edition, so that a status can say so. */
  boolean isSettled() {
    return !tally.edition().isEmpty();
  }

  /** The same where it is not known how the proxies of other replicas are. */
  Standing butNotAll(String why) {
    Tally some = tally.butNotAll(why);
    return new Standing(uid, generation, problems, policy, missing, split, rollout, some);
  }

  /** The same with the proxies of other replicas. */
  Standing with(List<Tally> others) {
    Tally all = others.stream().reduce(tally, Tally::plus);
    return new Standing(uid, generation, problems, policy, missing, split, rollout, all);
  }
}
