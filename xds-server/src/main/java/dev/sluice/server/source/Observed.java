package dev.sluice.server.source;

import dev.sluice.problem.Problem;
import dev.sluice.spec.DocumentKey;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What stands in one place of a source now, whether it is good or not: a custom resource, or the
 * value of a key.
 *
 * @param file how problems name the place
 * @param generation which edition it is: Kubernetes' {@code metadata.generation}, or the key's
 *     {@code ModifyIndex} in Consul
 * @param uid tells it from another of the same place and generation
 * @param problems all that is wrong with this edition by itself
 * @param documents what it holds, each with what is wrong with it; with an error among that, an
 *     earlier edition of the document is live, or none
 */
public record Observed(
    String file,
    long generation,
    String uid,
    List<Problem> problems,
    SortedMap<DocumentKey, List<Problem>> documents) {
  public Observed {
    Objects.requireNonNull(file);
    Objects.requireNonNull(uid);
    problems = problems.stream().sorted().toList();
    documents = Collections.unmodifiableSortedMap(new TreeMap<>(documents));
  }
}
