package dev.sluice.server.conditions;

import dev.sluice.problem.Problem;
import dev.sluice.spec.DocumentKey;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The status that a place is to have.
 *
 * @param place a custom resource, or a key
 * @param uid tells what stood there from another of the same generation
 * @param generation which edition of the place this is about
 * @param problems all that is wrong with that edition by itself
 * @param documents the status of each document in it
 */
public record WantedStatus(
    String place,
    String uid,
    long generation,
    List<Problem> problems,
    SortedMap<DocumentKey, StatusObject> documents) {
  public WantedStatus {
    Objects.requireNonNull(place);
    Objects.requireNonNull(uid);
    problems = List.copyOf(problems);
    documents = Collections.unmodifiableSortedMap(new TreeMap<>(documents));
  }
}
