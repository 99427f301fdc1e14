package dev.sluice.secret;

import java.util.Collections;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The difference between two sets of secrets.
 *
 * @param before the secrets that were
 * @param after the secrets that are
 * @param changed secrets that are new or differ
 * @param removed secrets that are gone
 */
public record SecretsDelta(
    Secrets before, Secrets after, SortedSet<SecretId> changed, SortedSet<SecretId> removed) {
  public SecretsDelta {
    Objects.requireNonNull(before);
    Objects.requireNonNull(after);
    changed = Collections.unmodifiableSortedSet(new TreeSet<>(changed));
    removed = Collections.unmodifiableSortedSet(new TreeSet<>(removed));
  }

  /** No difference from {@code secrets}. */
  public static SecretsDelta none(Secrets secrets) {
    return new SecretsDelta(
        secrets, secrets, Collections.emptySortedSet(), Collections.emptySortedSet());
  }

  /** Whether the two sets are equal. */
  public boolean isEmpty() {
    return changed.isEmpty() && removed.isEmpty();
  }
}
