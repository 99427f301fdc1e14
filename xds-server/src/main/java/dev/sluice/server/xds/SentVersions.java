package dev.sluice.server.xds;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.SnapshotDiff;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The version of each resource as one stream was sent it last.
 *
 * <p>Nearly always that is the version in the snapshot that the whole group shares, so only what
 * deviates from it is kept: a stream that has everything keeps nothing, however many names it
 * subscribes to.
 */
final class SentVersions {
  private static final String ABSENT = "";

  private final Predicate<String> subscribed;

  /** What holds for the subscribed names that do not deviate. */
  private SortedMap<String, Resource> base = Collections.emptySortedMap();

  /** The versions that deviate from the base, {@link #ABSENT} for what was not sent. */
  private Map<String, String> deviations = Map.of();

  SentVersions(Predicate<String> subscribed) {
    this.subscribed = subscribed;
  }

  /** The version that was sent, or null for none. */
  @Nullable String get(String name) {
    String own = deviations.get(name);
    if (own != null) {
      return own.isEmpty() ? null : own;
    }
    return subscribed.test(name) ? baseVersion(name) : null;
  }

  boolean contains(String name) {
    return get(name) != null;
  }

  /** Whether nothing was sent, as far as that can be told without looking at every name. */
  boolean isEmpty() {
    return base.isEmpty() && deviations.isEmpty();
  }

  /** How many names are kept one by one; none for a stream that has what its group has. */
  int deviating() {
    return deviations.size();
  }

  /** All that was sent, of which the subscribed names count; nothing while any deviates from it. */
  Optional<SortedMap<String, Resource>> shared() {
    return deviations.isEmpty() ? Optional.of(base) : Optional.empty();
  }

  void put(String name, String version) {
    set(name, version);
  }

  /** It is gone from the client, or about to be. */
  void remove(String name) {
    set(name, ABSENT);
  }

  /** {@code name} is about to be subscribed to for the first time. */
  void beforeSubscribing(String name) {
    if (!deviations.containsKey(name) && base.containsKey(name) && !subscribed.test(name)) {
      deviate(name, ABSENT);
    }
  }

  /** What counts as sent is about to change for many names: it is kept name by name. */
  void beforeSubscribingToAll() {
    Map<String, String> own = new HashMap<>();
    names().forEach(name -> own.put(name, version(name)));
    base = Collections.emptySortedMap();
    deviations = own.isEmpty() ? Map.of() : own;
  }

  /** The names of all that was sent; costs their number. */
  Set<String> names() {
    Set<String> names = new LinkedHashSet<>();
    base.keySet().stream().filter(this::contains).forEach(names::add);
    deviations.keySet().stream().filter(this::contains).forEach(names::add);
    return names;
  }

  /** The snapshot moved on: what was sent is what it was, at the cost of the difference. */
  @SuppressWarnings("ReferenceEquality") // snapshots share the maps that did not change
  void moved(
      SortedMap<String, Resource> before,
      SortedMap<String, Resource> after,
      SnapshotDiff.Names difference) {
    if (base != before || before == after || isEmpty()) {
      return;
    }
    Map<String, String> kept = new HashMap<>();
    keep(difference.changed(), kept);
    keep(difference.removed(), kept);
    base = after;
    kept.forEach(this::set);
  }

  private void keep(Collection<String> names, Map<String, String> kept) {
    for (String name : names) {
      if (subscribed.test(name) || deviations.containsKey(name)) {
        kept.put(name, version(name));
      }
    }
  }

  /** Counts from {@code current} on: costs the number of names once, and little afterwards. */
  @SuppressWarnings("ReferenceEquality") // snapshots share the maps that did not change
  void rest(SortedMap<String, Resource> current) {
    if (base == current) {
      return;
    }
    Map<String, String> all = new HashMap<>();
    names().forEach(name -> all.put(name, version(name)));
    base = current;
    deviations = Map.of();
    for (String name : current.keySet()) {
      if (!all.containsKey(name) && subscribed.test(name)) {
        deviate(name, ABSENT);
      }
    }
    all.forEach(this::set);
  }

  /** All of {@code current} that is subscribed to was sent, and nothing else. */
  void exactly(SortedMap<String, Resource> current) {
    base = current;
    deviations = Map.of();
  }

  private String version(String name) {
    String version = get(name);
    return version == null ? ABSENT : version;
  }

  private @Nullable String baseVersion(String name) {
    Resource resource = base.get(name);
    return resource == null ? null : resource.version();
  }

  private void set(String name, String version) {
    String shared = subscribed.test(name) ? baseVersion(name) : null;
    if (version.equals(shared == null ? ABSENT : shared)) {
      conform(name);
    } else {
      deviate(name, version);
    }
  }

  private void deviate(String name, String version) {
    if (deviations.isEmpty()) {
      deviations = new HashMap<>();
    }
    deviations.put(name, version);
  }

  /** An empty map is given up: its table would stay as large as it ever was. */
  private void conform(String name) {
    if (!deviations.isEmpty() && deviations.remove(name) != null && deviations.isEmpty()) {
      deviations = Map.of();
    }
  }
}
