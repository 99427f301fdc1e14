package dev.sluice.server.snapshot;

import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.pcollections.HashPMap;
import org.pcollections.HashTreePMap;
import org.pcollections.TreePMap;

/**
 * Everything that the proxies of one group are to have, immutable and sorted by name within each
 * type.
 *
 * <p>A changed snapshot shares all but a path of its trees with the one before, so that a change
 * costs time and memory in proportion to itself.
 */
public final class Snapshot {
  /** {@code expiring} are those with a time to live. */
  private record Resources(
      TreePMap<String, Resource> byName, ContentHash hash, TreePMap<String, Resource> expiring) {
    static final Resources NONE =
        new Resources(TreePMap.empty(), ContentHash.EMPTY, TreePMap.empty());
  }

  /** The snapshot without resources. */
  public static final Snapshot EMPTY = new Snapshot(none(), HashTreePMap.empty());

  /** Has every type as key, and is never changed. */
  private final EnumMap<ResourceType, Resources> types;

  /** How many clusters warm for an assignment, by its name. */
  private final HashPMap<String, Integer> assignmentUsers;

  private Snapshot(
      EnumMap<ResourceType, Resources> types, HashPMap<String, Integer> assignmentUsers) {
    this.types = types;
    this.assignmentUsers = assignmentUsers;
  }

  private static EnumMap<ResourceType, Resources> none() {
    EnumMap<ResourceType, Resources> types = new EnumMap<>(ResourceType.class);
    for (ResourceType type : ResourceType.values()) {
      types.put(type, Resources.NONE);
    }
    return types;
  }

  /** The snapshot of {@code resources}; of two with the same type and name the later counts. */
  public static Snapshot of(Collection<Resource> resources) {
    Snapshot snapshot = EMPTY;
    for (Resource resource : resources) {
      snapshot = snapshot.with(resource);
    }
    return snapshot;
  }

  /** This snapshot with {@code resource} in place of the one with its type and name. */
  public Snapshot with(Resource resource) {
    Resources of = resources(types, resource.type());
    Resource old = of.byName.get(resource.name());
    ContentHash others = old == null ? of.hash : of.hash.minus(old.hash());
    Resources next =
        new Resources(
            of.byName.plus(resource.name(), resource),
            others.plus(resource.hash()),
            resource.ttl().isPresent()
                ? of.expiring.plus(resource.name(), resource)
                : of.expiring.minus(resource.name()));
    return replaced(resource.type(), next, Optional.ofNullable(old), Optional.of(resource));
  }

  /** This snapshot without the resource of that type and name. */
  public Snapshot without(ResourceType type, String name) {
    Resources of = resources(types, type);
    Resource old = of.byName.get(name);
    if (old == null) {
      return this;
    }
    Resources next =
        new Resources(of.byName.minus(name), of.hash.minus(old.hash()), of.expiring.minus(name));
    return replaced(type, next, Optional.of(old), Optional.empty());
  }

  private Snapshot replaced(
      ResourceType type, Resources next, Optional<Resource> old, Optional<Resource> with) {
    EnumMap<ResourceType, Resources> copy = types.clone();
    copy.put(type, next);
    Optional<String> before = old.flatMap(Resource::assignmentName);
    Optional<String> after = with.flatMap(Resource::assignmentName);
    HashPMap<String, Integer> users = assignmentUsers;
    if (!before.equals(after)) {
      users = before.isPresent() ? counted(users, before.get(), -1) : users;
      users = after.isPresent() ? counted(users, after.get(), 1) : users;
    }
    return new Snapshot(copy, users);
  }

  private static HashPMap<String, Integer> counted(
      HashPMap<String, Integer> users, String name, int change) {
    int count = users.getOrDefault(name, 0) + change;
    return count == 0 ? users.minus(name) : users.plus(name, count);
  }

  private static Resources resources(EnumMap<ResourceType, Resources> types, ResourceType type) {
    return Objects.requireNonNull(types.get(type));
  }

  /** All resources of that type by name; not modifiable. */
  public SortedMap<String, Resource> resources(ResourceType type) {
    return resources(types, type).byName;
  }

  /** Those of them that have a time to live. */
  public SortedMap<String, Resource> expiring(ResourceType type) {
    return resources(types, type).expiring;
  }

  /** The resource of that type and name, if there is one. */
  public Optional<Resource> resource(ResourceType type, String name) {
    return Optional.ofNullable(resources(types, type).byName.get(name));
  }

  /** The hash of all resources of that type: equal content has an equal one on every replica. */
  public ContentHash hash(ResourceType type) {
    return resources(types, type).hash;
  }

  /** Whether a cluster warms for the assignment of that name. */
  public boolean usesAssignment(String name) {
    return assignmentUsers.containsKey(name);
  }

  /**
   * Whether the content is the same, told by the types' hashes, so at a cost that does not depend
   * on the number of resources.
   */
  public boolean sameAs(Snapshot other) {
    return sameIn(EnumSet.allOf(ResourceType.class), other);
  }

  /** Whether the content is the same but for endpoints, told in the same way. */
  public boolean sameConfigurationAs(Snapshot other) {
    return sameIn(EnumSet.complementOf(EnumSet.of(ResourceType.ENDPOINT)), other);
  }

  private boolean sameIn(Set<ResourceType> some, Snapshot other) {
    return some.stream().allMatch(type -> hash(type).equals(other.hash(type)));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Snapshot that && types.equals(that.types);
  }

  @Override
  public int hashCode() {
    return types.hashCode();
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("Snapshot");
    for (ResourceType type : ResourceType.values()) {
      if (!resources(type).isEmpty()) {
        text.append(' ').append(type.shortName()).append('=').append(resources(type).values());
      }
    }
    return text.toString();
  }
}
