package dev.sluice.server.xds;

import dev.sluice.server.snapshot.ContentHash;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A state-of-the-world subscription: each request names everything that is wanted.
 *
 * <p>The version of a response is the hash of all that the client then holds, so after a reconnect
 * an equal version says that it holds exactly that.
 */
final class SotwSubscription extends TypeSubscription {
  /** Whether a reconnecting client is believed to hold what its version stands for. */
  enum Reconnect {
    BELIEVED,
    SENT_AGAIN
  }

  private final Reconnect reconnect;
  private ContentHash hash = ContentHash.EMPTY;

  /** What the client says it holds, until the first response or the finding that it is right. */
  private String claimed = "";

  private boolean named;
  private boolean fresh = true;

  SotwSubscription(ResourceType type, Reconnect reconnect) {
    super(Variant.STATE_OF_THE_WORLD, type);
    this.reconnect = reconnect;
  }

  /** Takes the names that are wanted from now on. */
  void want(Request.Sotw request, long epoch) {
    if (fresh) {
      claimed = request.version();
    }
    Set<String> wanted = new HashSet<>(request.names());
    boolean all = wanted.remove(WILDCARD) || legacyWildcard(wanted);
    named |= !request.names().isEmpty();
    boolean newlyAll = all && !wildcard;
    boolean lessThanAll = wildcard && !all;
    List<String> added = wanted.stream().filter(name -> !names.contains(name)).toList();
    List<String> left = names.stream().filter(name -> !wanted.contains(name)).toList();
    names.clear();
    names.addAll(wanted);
    wildcard = all;
    if (lessThanAll) {
      List.copyOf(sent.keySet()).stream().filter(name -> !names.contains(name)).forEach(this::drop);
    } else if (!all) {
      left.forEach(this::drop);
    }
    if (newlyAll) {
      markEverything(epoch);
      owe(epoch);
    }
    added.forEach(name -> force(name, epoch));
    if (!added.isEmpty() && type.scope() == ResourceType.Scope.FULL_STATE) {
      owe(epoch);
    }
    fresh = false;
  }

  private boolean legacyWildcard(Set<String> wanted) {
    return type.wildcard() == ResourceType.Wildcard.LEGACY && wanted.isEmpty() && !named;
  }

  @Override
  Optional<Draft> draft(Snapshot snapshot) {
    boolean unclaimed = claimed.isEmpty();
    String claim = claimed;
    claimed = "";
    if (!unclaimed && believed() && holds(claim, snapshot)) {
      return Optional.empty();
    }
    Changes changes = changes(snapshot);
    if (type.scope() == ResourceType.Scope.CHANGED) {
      changes.gone().forEach(this::forget);
      changes = new Changes(changes.put(), List.of());
    }
    if (changes.isEmpty() && !owed) {
      return Optional.empty();
    }
    List<Resource> resources =
        type.scope() == ResourceType.Scope.FULL_STATE ? wanted(snapshot) : changes.put();
    return Optional.of(new Draft(version(changes), resources, List.of(), changes));
  }

  private boolean believed() {
    boolean warmsAnew = type == ResourceType.ENDPOINT;
    return !warmsAnew && (wildcard || reconnect == Reconnect.BELIEVED);
  }

  /** Whether {@code claim} is the version of all that is wanted; if so it counts as accepted. */
  private boolean holds(String claim, Snapshot snapshot) {
    List<Resource> wanted = wanted(snapshot);
    ContentHash all = ContentHash.EMPTY;
    for (Resource resource : wanted) {
      all = all.plus(resource.hash());
    }
    if (!all.toString().equals(claim)) {
      return false;
    }
    wanted.forEach(this::remember);
    ackedVersion = claim;
    return true;
  }

  private List<Resource> wanted(Snapshot snapshot) {
    List<Resource> wanted = new ArrayList<>();
    wantedNames(snapshot).forEach(name -> find(snapshot, name).ifPresent(wanted::add));
    return wanted;
  }

  private SortedSet<String> wantedNames(Snapshot snapshot) {
    TreeSet<String> wanted = new TreeSet<>(names);
    if (wildcard) {
      wanted.addAll(snapshot.resources(type).keySet());
      wanted.addAll(held.keySet());
    }
    return wanted;
  }

  private Changes changes(Snapshot snapshot) {
    List<Resource> put = new ArrayList<>();
    List<String> gone = new ArrayList<>();
    TreeSet<String> candidates = new TreeSet<>(pending);
    if (everything) {
      candidates.addAll(wantedNames(snapshot));
    }
    for (String name : candidates) {
      Optional<Resource> resource = find(snapshot, name);
      if (resource.isEmpty()) {
        if (sent.containsKey(name)) {
          gone.add(name);
        }
      } else if (forced.contains(name) || !resource.get().version().equals(sent.get(name))) {
        put.add(resource.get());
      }
    }
    return new Changes(put, gone);
  }

  private String version(Changes changes) {
    ContentHash after = hash;
    for (Resource resource : changes.put()) {
      after = without(after, resource.name()).plus(resource.hash());
    }
    for (String name : changes.gone()) {
      after = without(after, name);
    }
    return after.toString();
  }

  private ContentHash without(ContentHash all, String name) {
    String version = sent.get(name);
    return version == null ? all : all.minus(ContentHash.of(name, version));
  }

  @Override
  void remember(Resource resource) {
    hash = without(hash, resource.name()).plus(resource.hash());
    super.remember(resource);
  }

  @Override
  void forget(String name) {
    hash = without(hash, name);
    super.forget(name);
  }

  @Override
  void drop(String name) {
    hash = without(hash, name);
    super.drop(name);
  }

  @Override
  boolean wholeState() {
    return type.scope() == ResourceType.Scope.FULL_STATE;
  }
}
