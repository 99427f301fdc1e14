package dev.sluice.server.xds;

import com.github.benmanes.caffeine.cache.Interner;
import java.util.Collection;
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

  private NameSet(Set<String> names) {
    this.names = names;
    this.hash = names.hashCode();
  }

  static NameSet of(Collection<String> names, Interner<NameSet> interner) {
    return names.isEmpty() ? NONE : interner.intern(new NameSet(Set.copyOf(names)));
  }

  boolean contains(String name) {
    return names.contains(name);
  }

  boolean isEmpty() {
    return names.isEmpty();
  }

  Set<String> all() {
    return names;
  }

  /** These and {@code added}, without {@code gone}. */
  NameSet edited(Collection<String> added, Collection<String> gone, Interner<NameSet> interner) {
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
