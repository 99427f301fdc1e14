package dev.sluice.policy.attach;

import dev.sluice.policy.attach.PolicyStatus.Reason;
import dev.sluice.problem.Problem;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Retry;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;

/**
 * Retries beside a canary. In cluster mode the version is picked before the instance, so every try
 * of a request goes to the version first picked: where that is a bad canary, trying again does not
 * help.
 */
final class CanaryRetries {
  private static final String PATH = "$.spec.retry";

  /** A version with a smaller share than one in so many is a small canary. */
  private static final int SMALL = 10;

  private CanaryRetries() {}

  /**
   * Warns those who ask for retries of a service whose split has a small canary.
   *
   * @param merged what holds for the service
   * @param candidates the service's policies
   * @param statuses takes the warnings
   */
  static void check(
      EffectiveSplit split,
      Retry merged,
      List<Candidate> candidates,
      Map<DocumentKey, PolicyStatus> statuses) {
    if (!(split instanceof EffectiveSplit.ByCluster byCluster)
        || Objects.requireNonNull(merged.attempts()) == 0) {
      return;
    }
    String why =
        candidates.stream().anyMatch(candidate -> candidate.spec().rollout() != null)
            ? "a retry stays in the version first picked"
            : "in split.mode cluster a retry stays in the version first picked; in split.mode"
                + " endpoint it may reach another";
    SortedMap<String, Integer> weights = byCluster.weights();
    long sum = weights.values().stream().mapToLong(Integer::longValue).sum();
    weights.forEach(
        (version, weight) -> {
          if (weight > 0 && weight * (long) SMALL < sum) {
            candidates.stream()
                .filter(candidate -> candidate.spec().retry() != null)
                .forEach(candidate -> warn(candidate, version, why, statuses));
          }
        });
  }

  private static void warn(
      Candidate candidate, String version, String why, Map<DocumentKey, PolicyStatus> statuses) {
    String message =
        "a request that fails in \"%1$s\" is tried again in \"%1$s\" alone: %2$s"
            .formatted(version, why);
    Problem problem = Problem.warning(candidate.policy().origin().at(PATH), PATH, message);
    statuses.computeIfPresent(
        candidate.key(), (ignored, status) -> status.with(Reason.ACCEPTED, problem));
  }
}
