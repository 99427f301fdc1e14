package dev.sluice.policy.attach;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.CatalogDelta;
import dev.sluice.catalog.ServiceId;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import dev.sluice.spec.DocumentsDelta;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/** Steps from one index to the next, with the deltas worked out the slow way. */
final class Steps {
  private Steps() {}

  static PolicyIndex step(
      PolicyIndex index, Documents before, Documents after, Catalog old, Catalog now) {
    SortedSet<DocumentKey> changedKeys = differing(after.all(), before.all());
    SortedSet<DocumentKey> removedKeys = new TreeSet<>(before.all().keySet());
    removedKeys.removeAll(after.all().keySet());
    SortedSet<ServiceId> changedIds = differing(now.services(), old.services());
    SortedSet<ServiceId> removedIds = new TreeSet<>(old.services().keySet());
    removedIds.removeAll(now.services().keySet());
    return index.with(
        new DocumentsDelta(before, after, changedKeys, removedKeys),
        new CatalogDelta(old, now, changedIds, removedIds));
  }

  private static <K extends Comparable<K>> SortedSet<K> differing(
      Map<K, ?> after, Map<K, ?> before) {
    SortedSet<K> keys = new TreeSet<>();
    after.forEach(
        (key, value) -> {
          if (!Objects.equals(value, before.get(key))) {
            keys.add(key);
          }
        });
    return keys;
  }
}
