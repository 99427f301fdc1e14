package dev.sluice.server.catalog;

import dev.sluice.catalog.Catalog;
import dev.sluice.catalog.CatalogDelta;
import dev.sluice.catalog.ServiceId;
import dev.sluice.secret.SecretId;
import dev.sluice.secret.Secrets;
import dev.sluice.secret.SecretsDelta;
import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Documents;
import dev.sluice.spec.DocumentsDelta;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;

/** Differences between two images, looked for only where something was touched. */
final class Deltas {

  private Deltas() {}

  /** From {@code before} to {@code after}, which differ in {@code touched} at most. */
  static CatalogDelta of(Catalog before, Catalog after, Collection<ServiceId> touched) {
    Split<ServiceId> split = split(touched, before::service, after::service);
    return new CatalogDelta(before, after, split.changed, split.removed);
  }

  /** From {@code before} to {@code after}, which differ in {@code touched} at most. */
  static DocumentsDelta of(Documents before, Documents after, Collection<DocumentKey> touched) {
    Split<DocumentKey> split = split(touched, before::document, after::document);
    return new DocumentsDelta(before, after, split.changed, split.removed);
  }

  /** From {@code before} to {@code after}, which differ in {@code touched} at most. */
  static SecretsDelta of(Secrets before, Secrets after, Collection<SecretId> touched) {
    Split<SecretId> split = split(touched, before::secret, after::secret);
    return new SecretsDelta(before, after, split.changed, split.removed);
  }

  private static <K, V> Split<K> split(
      Collection<K> touched, Function<K, Optional<V>> before, Function<K, Optional<V>> after) {
    Split<K> split = new Split<>(new TreeSet<>(), new TreeSet<>());
    for (K key : touched) {
      Optional<V> was = before.apply(key);
      Optional<V> is = after.apply(key);
      if (is.isEmpty() && was.isPresent()) {
        split.removed.add(key);
      } else if (!Objects.equals(was, is)) {
        split.changed.add(key);
      }
    }
    return split;
  }

  private record Split<K>(SortedSet<K> changed, SortedSet<K> removed) {}
}
