package dev.sluice.server.conditions;

import dev.sluice.server.source.Observed;
import dev.sluice.spec.DocumentKey;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;

/**
 * How a place stands that has one status: a custom resource, or a key with all its documents.
 *
 * @param name of the place; of a custom resource its document's key
 * @param seen what stands there
 * @param documents how each document stands that is in it
 */
record PlaceStanding(String name, Observed seen, SortedMap<DocumentKey, Standing> documents) {
  PlaceStanding {
    documents = Collections.unmodifiableSortedMap(new TreeMap<>(documents));
  }

  /** How replicas call a document of a place among themselves. */
  static String document(String place, DocumentKey key) {
    String name = key.toString();
    return place.equals(name) ? name : name + " in " + place;
  }

  /** Whether it is known what became of this edition, so that a status can say so. */
  boolean isSettled() {
    return documents.values().stream().allMatch(Standing::isSettled);
  }

  /**
   * The same with other standings.
   *
   * @param change of each, by how replicas call its document
   */
  PlaceStanding with(BiFunction<String, Standing, Standing> change) {
    SortedMap<DocumentKey, Standing> changed = new TreeMap<>();
    documents.forEach((key, one) -> changed.put(key, change.apply(document(name, key), one)));
    return new PlaceStanding(name, seen, changed);
  }

  /** The status that says so. */
  WantedStatus wanted() {
    SortedMap<DocumentKey, StatusObject> statuses = new TreeMap<>();
    documents.forEach((key, one) -> statuses.put(key, StatusObject.of(one)));
    return new WantedStatus(name, seen.uid(), seen.generation(), seen.problems(), statuses);
  }
}
