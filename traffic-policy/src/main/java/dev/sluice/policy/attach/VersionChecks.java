package dev.sluice.policy.attach;

import dev.sluice.policy.attach.PolicyStatus.Reason;
import dev.sluice.problem.Problem;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Route;
import dev.sluice.spec.Split;
import dev.sluice.spec.Version;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Splits and routes of the versions that the service's policies declare. Versions may be declared
 * by another policy than the one that names them, so that only here it is known whether they are:
 * what names an unknown one is left out, and said so.
 */
final class VersionChecks {
  private final List<String> declared;
  private final Map<DocumentKey, PolicyStatus> statuses;

  VersionChecks(List<Version> declared, Map<DocumentKey, PolicyStatus> statuses) {
    this.declared = declared.stream().map(Version::name).toList();
    this.statuses = statuses;
  }

  /** The candidate's split among the versions that are known; none at all without such. */
  EffectiveSplit split(Candidate candidate) {
    Split split = Objects.requireNonNull(candidate.spec().split());
    boolean known = true;
    for (String version : split.weights().keySet()) {
      known &= isKnown(candidate, version, RolledOut.path(candidate.spec(), version));
    }
    boolean isWritten = candidate.spec().rollout() == null; // That of a rollout is named above.
    if (isWritten && split.onEmpty() instanceof Split.OnEmpty.Fallback(String version)) {
      known &= isKnown(candidate, version, "$.spec.split.onEmpty.fallback.version");
    }
    if (split.by() == Split.By.POD_COUNT && declared.isEmpty()) {
      report(candidate, "$.spec.split.by", "podCount divides among versions, but none is declared");
      known = false;
    }
    if (known) {
      return effective(split, split.weights());
    }
    SortedMap<String, Integer> weights = new TreeMap<>(split.weights());
    weights.keySet().retainAll(declared);
    boolean some = weights.values().stream().anyMatch(weight -> weight > 0);
    return some ? effective(split, weights) : new EffectiveSplit.Whole();
  }

  private EffectiveSplit effective(Split split, SortedMap<String, Integer> weights) {
    if (split.by() == Split.By.POD_COUNT) {
      return new EffectiveSplit.ByPodCount();
    }
    Split.OnEmpty onEmpty =
        split.onEmpty() == null || !isDeclared(split.onEmpty())
            ? BuiltIn.ON_EMPTY
            : split.onEmpty();
    return split.mode() == Split.Mode.ENDPOINT
        ? new EffectiveSplit.ByEndpoint(weights, onEmpty)
        : new EffectiveSplit.ByCluster(weights, onEmpty);
  }

  private boolean isDeclared(Split.OnEmpty onEmpty) {
    return switch (onEmpty) {
      case Split.OnEmpty.Fail _, Split.OnEmpty.Redistribute _ -> true;
      case Split.OnEmpty.Fallback(String version) -> declared.contains(version);
    };
  }

  /**
   * The shares that a route gives; empty where it names an unknown version.
   *
   * @param path where {@code to} stands
   */
  Optional<SortedMap<String, Integer>> shares(Candidate candidate, Route.To to, String path) {
    String version = to.version();
    if (version == null) {
      boolean known = areKnown(candidate, to.weights(), path + ".weights.");
      return known ? Optional.of(to.weights()) : Optional.empty();
    }
    return isKnown(candidate, version, path + ".version")
        ? Optional.of(new TreeMap<>(Map.of(version, 1)))
        : Optional.empty();
  }

  private boolean areKnown(Candidate candidate, SortedMap<String, Integer> weights, String path) {
    boolean known = true;
    for (String version : weights.keySet()) {
      known &= isKnown(candidate, version, path + version);
    }
    return known;
  }

  /** Whether a version is declared. */
  boolean isDeclared(String version) {
    return declared.contains(version);
  }

  /** Whether a version is declared; its author is told where it is not. */
  boolean isKnown(Candidate candidate, String version, String path) {
    if (isDeclared(version)) {
      return true;
    }
    String versions = declared.isEmpty() ? "none" : String.join(", ", declared);
    report(candidate, path, "unknown version \"" + version + "\" (declared: " + versions + ")");
    return false;
  }

  private void report(Candidate candidate, String path, String message) {
    Problem problem = Problem.error(candidate.policy().origin().at(path), path, message);
    statuses.computeIfPresent(
        candidate.key(), (ignored, status) -> status.with(Reason.UNKNOWN_VERSION, problem));
  }
}
