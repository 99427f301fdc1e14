package dev.sluice.server.xds;

import com.github.benmanes.caffeine.cache.Interner;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The names that a stream subscribes to. Streams with equal ones share one: thousands of proxies
 * ask for the same thousand names.
 */
final class NameSet {
  static final NameSet NONE = new NameSet(Set.of());

  private final Set<String> names;
  private final int hash;

  /**
   * A name that was looked for and is there: streams that are told of a change ask one after
   * another for the same string. A thread that reads an older one looks for its own.
   */
  private @Nullable String found;

  private NameSet(Set<String> names) {
    this.names = names;
    this.hash = names.hashCode();
  }

  static NameSet of(Collection<String> names, Interner<NameSet> interner) {
    return names.isEmpty() ? NONE : interner.intern(new NameSet(new HashSet<>(names)));
  }

  @SuppressWarnings("ReferenceEquality") // an equal name would do, it only costs more
  boolean contains(String name) {
    if (name == found) {
      return true;
    }
    if (!names.contains(name)) {
      return false;
    }
    found = name;
    return true;
  }

  boolean isEmpty() {
    return names.isEmpty();
  }

  Set<String> all() {
    return Collections.unmodifiableSet(names);
  }

  /** These and {@code added}, without {@code gone}. */
  NameSet edited(Collection<String> added, Collection<String> gone, Interner<NameSet> interner) {
    if (names.isEmpty() && gone.isEmpty()) {
      return of(added, interner);
    }
    if (names.containsAll(added) && gone.stream().noneMatch(names::contains)) {
      return this;
    }
    Set<String> edited = new TreeSet<>(names);
    edited.addAll(added);
    gone.forEach(edited::remove);
    return of(edited, interner);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof NameSet that && hash == that.hash && names.equals(that.names));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return new TreeSet<>(names).toString();
  }
}
