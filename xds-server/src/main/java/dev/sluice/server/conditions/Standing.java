package dev.sluice.server.conditions;

import dev.sluice.policy.attach.PolicyStatus;
import dev.sluice.problem.Problem;
import dev.sluice.server.status.DocumentProgress.Count;
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
 * @param refused what proxies refused of it, in their words
 * @param spreading why it has come to some proxies only, if so (rollout)
 * @param progress how many proxies have it
 * @param split the shares of its versions, such as {@code v1=90,v2=10}; empty where it has none
 */
record Standing(
    String uid,
    long generation,
    List<Problem> problems,
    Optional<PolicyStatus> policy,
    List<Problem> missing,
    List<String> refused,
    Optional<String> spreading,
    Count progress,
    String split) {
  Standing {
    Objects.requireNonNull(uid);
    problems = List.copyOf(problems);
    Objects.requireNonNull(policy);
    missing = List.copyOf(missing);
    refused = List.copyOf(refused);
    Objects.requireNonNull(spreading);
    Objects.requireNonNull(progress);
    Objects.requireNonNull(split);
  }
}
