package dev.sluice.policy.attach;

import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Resilience;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What holds for every service of a namespace: built-in, mesh and namespace defaults, merged.
 *
 * @param sections without gaps
 * @param attributions the namespace's policies
 * @param statuses of the policies, those that are not applied included
 */
record NamespaceLevel(
    Resilience sections, List<Attribution> attributions, Map<DocumentKey, PolicyStatus> statuses) {
  static NamespaceLevel of(String namespace, Facts facts, Map<DocumentKey, Verdict> verdicts) {
    List<Candidate> candidates = List.copyOf(facts.candidates(new Subject.OfNamespace(namespace)));
    Map<DocumentKey, PolicyStatus> statuses = new TreeMap<>();
    for (Candidate candidate : candidates) {
      statuses.put(candidate.key(), verdict(verdicts, candidate).status());
    }
    List<Candidate> applied =
        candidates.stream().filter(each -> verdict(verdicts, each).isApplied()).toList();
    Resilience sections = Merge.over(ofMesh(facts.mesh()).sections(), own(applied));
    CrossChecks.check(sections, applied, statuses);
    List<Attribution> attributions = applied.stream().map(Candidate::attribution).toList();
    return new NamespaceLevel(sections, attributions, statuses);
  }

  /** The level of a namespace without policies of its own. */
  static NamespaceLevel ofMesh(Resilience mesh) {
    return new NamespaceLevel(
        Merge.over(BuiltIn.SECTIONS, mesh), List.of(), Collections.emptyMap());
  }

  /** The sections of policies of one level, which no two of them share. */
  static Resilience own(List<Candidate> applied) {
    Resilience own = Resilience.NONE;
    for (Candidate candidate : applied) {
      own = Merge.over(own, candidate.spec().resilience());
    }
    return own;
  }

  private static Verdict verdict(Map<DocumentKey, Verdict> verdicts, Candidate candidate) {
    return Objects.requireNonNull(verdicts.get(candidate.key()));
  }

  /** Whether services see no difference between this and {@code other}. */
  boolean holdsLike(NamespaceLevel other) {
    return sections.equals(other.sections) && attributions.equals(other.attributions);
  }
}
