package dev.sluice.server.xds;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Interner;
import dev.sluice.server.snapshot.ContentHash;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What streams have in common, so that thousands of proxies which want the same cost little more
 * than one. All of it is values that are computed once; any thread may use it.
 */
final class Shared {
  private static final int WHOLES_KEPT = 64;

  private final NameLists lists = new NameLists();
  private final Interner<NameSet> names = Interner.newWeakInterner();
  private final Cache<Wanted, Whole> wholes =
      Caffeine.newBuilder().executor(Runnable::run).maximumSize(WHOLES_KEPT).build();

  /** Of lists that requests share; their identity counts. */
  private final Cache<List<String>, NameSet> sets =
      Caffeine.newBuilder().executor(Runnable::run).weakKeys().build();

  private final Cache<Awaiting, List<Resource>> unasked =
      Caffeine.newBuilder().executor(Runnable::run).maximumSize(WHOLES_KEPT).weakValues().build();

  /** Of both the identity counts. */
  private static final class Awaiting {
    private final List<Resource> clusters;
    private final NameSet asked;

    Awaiting(List<Resource> clusters, NameSet asked) {
      this.clusters = clusters;
      this.asked = asked;
    }

    @Override
    @SuppressWarnings("ReferenceEquality")
    public boolean equals(@Nullable Object other) {
      return other instanceof Awaiting that && clusters == that.clusters && asked == that.asked;
    }

    @Override
    public int hashCode() {
      return 31 * System.identityHashCode(clusters) + System.identityHashCode(asked);
    }
  }

  /** Of a snapshot its identity counts, which the streams of one group share. */
  private record Wanted(
      SnapshotIdentity snapshot, ResourceType type, NameSet names, boolean wildcard) {}

  private record SnapshotIdentity(Snapshot snapshot) {
    @Override
    @SuppressWarnings("ReferenceEquality")
    public boolean equals(Object other) {
      return other instanceof SnapshotIdentity that && snapshot == that.snapshot;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(snapshot);
    }
  }

  /**
   * All that a subscription wants of a snapshot.
   *
   * @param snapshot of which it is all
   * @param resources what there is, sorted by name
   * @param made those of them that no snapshot holds: assignments for clusters without one
   * @param hash of all of it
   * @param missing names that are asked for and do not exist, sorted
   */
  record Whole(
      Snapshot snapshot,
      List<Resource> resources,
      List<Resource> made,
      ContentHash hash,
      List<String> missing) {
    Whole {
      resources = List.copyOf(resources);
      made = List.copyOf(made);
      missing = List.copyOf(missing);
    }
  }

  /** Lists of names as requests have them. */
  NameLists lists() {
    return lists;
  }

  Interner<NameSet> names() {
    return names;
  }

  /** The names of a request's list, which does not change. */
  NameSet names(List<String> list) {
    return sets.get(list, names -> NameSet.of(names, this.names));
  }

  /** Those of {@code clusters} that have assignments, but none that is asked for. */
  List<Resource> unasked(List<Resource> clusters, NameSet asked) {
    return unasked.get(
        new Awaiting(clusters, asked),
        key ->
            clusters.stream()
                .filter(cluster -> cluster.assignmentName().filter(asked::contains).isEmpty())
                .filter(cluster -> cluster.assignmentName().isPresent())
                .toList());
  }

  /** All that is wanted by {@code names}, and by the wildcard if there is one. */
  Whole whole(Snapshot snapshot, ResourceType type, NameSet names, boolean wildcard) {
    return wholes.get(
        new Wanted(new SnapshotIdentity(snapshot), type, names, wildcard), Shared::compute);
  }

  private static Whole compute(Wanted wanted) {
    Snapshot snapshot = wanted.snapshot().snapshot();
    List<Resource> resources = new ArrayList<>();
    List<String> missing = new ArrayList<>();
    SortedSet<String> all = new TreeSet<>(wanted.names().all());
    if (wanted.wildcard()) {
      all.addAll(snapshot.resources(wanted.type()).keySet());
    }
    for (String name : all) {
      Content.of(snapshot, wanted.type(), name)
          .ifPresentOrElse(resources::add, () -> missing.add(name));
    }
    ContentHash hash = ContentHash.EMPTY;
    for (Resource resource : resources) {
      hash = hash.plus(resource.hash());
    }
    List<Resource> made =
        resources.stream()
            .filter(resource -> snapshot.resource(wanted.type(), resource.name()).isEmpty())
            .toList();
    return new Whole(snapshot, resources, made, hash, missing);
  }
}
