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
import org.jspecify.annotations.Nullable;

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

  /** The names of the last request, as it had them. */
  private @Nullable List<String> asked;

  private boolean fresh = true;

  SotwSubscription(ResourceType type, Shared shared, Reconnect reconnect) {
    super(Variant.STATE_OF_THE_WORLD, type, shared);
    this.reconnect = reconnect;
  }

  /** Takes the names that are wanted from now on. */
  @SuppressWarnings("ReferenceEquality") // an equal list would do, it only costs more
  void want(Request.Sotw request, long epoch) {
    if (fresh) {
      claimed = request.version();
    }
    fresh = false;
    if (request.names() == asked) {
      return; // As nearly always: an ACK repeats them, and many names are the same list.
    }
    asked = request.names();
    Set<String> wanted = new HashSet<>(request.names());
    boolean all = wanted.remove(WILDCARD) || legacyWildcard(wanted);
    named |= !request.names().isEmpty();
    if (all == wildcard && wanted.equals(names.all())) {
      return;
    }
    List<String> added = wanted.stream().filter(name -> !names.contains(name)).toList();
    List<String> left = names.all().stream().filter(name -> !wanted.contains(name)).toList();
    boolean nothingBefore =
        names.isEmpty() && !wildcard && sent.isEmpty() && refused.isEmpty() && !awaitsReply();
    left.forEach(this::drop);
    wildcard(all, wanted, epoch);
    if (nothingBefore && !all) {
      names = shared.names(request.names());
    } else {
      editNames(added, left);
    }
    if (all) {
      left.forEach(name -> marks.force(name, epoch)); // The wildcard still covers them.
    }
    if (nothingBefore) {
      marks.markEverything(epoch); // All of it is new, so no name needs a mark of its own.
    } else {
      added.forEach(name -> marks.force(name, epoch));
    }
    if (!added.isEmpty() && type.scope() == ResourceType.Scope.FULL_STATE) {
      marks.owe(epoch);
    }
  }

  private void wildcard(boolean all, Set<String> named, long epoch) {
    if (all && !wildcard) {
      sent.beforeSubscribingToAll();
      wildcard = true;
      marks.markEverything(epoch);
      marks.owe(epoch);
    } else if (wildcard && !all) {
      List<String> left = sent.names().stream().filter(name -> !named.contains(name)).toList();
      left.forEach(this::drop);
      wildcard = false;
      left.forEach(sent::remove);
      refused.keySet().retainAll(named);
    }
  }

  private boolean legacyWildcard(Set<String> wanted) {
    return type.wildcard() == ResourceType.Wildcard.LEGACY && wanted.isEmpty() && !named;
  }

  @Override
  Optional<Draft> draft(Snapshot snapshot) {
    String claim = claimed;
    claimed = "";
    if (!claim.isEmpty() && believed() && holds(claim, snapshot)) {
      return Optional.empty();
    }
    if (marks.everything() && sent.isEmpty() && refused.isEmpty() && held.isEmpty()) {
      return whole(snapshot);
    }
    Changes changes = changes(snapshot);
    if (type.scope() == ResourceType.Scope.CHANGED) {
      changes.gone().forEach(this::leave);
      changes = new Changes(changes.put(), List.of());
    }
    if (changes.isEmpty() && !marks.owed()) {
      return Optional.empty();
    }
    List<Resource> resources =
        type.scope() == ResourceType.Scope.FULL_STATE ? wanted(snapshot) : changes.put();
    return Optional.of(new Draft(version(changes), resources, List.of(), changes, null));
  }

  /** There is no word for its removal, so what the client makes of it is not known. */
  private void leave(String name) {
    forget(name);
    refusalIsOver(name);
  }

  /** The first response: nothing was sent before, so what is due is the same for every stream. */
  private Optional<Draft> whole(Snapshot snapshot) {
    Shared.Whole whole = shared.whole(snapshot, type, names, wildcard);
    Changes changes = new Changes(whole.resources(), List.of());
    return changes.isEmpty() && !marks.owed()
        ? Optional.empty()
        : Optional.of(
            new Draft(whole.hash().toString(), whole.resources(), List.of(), changes, whole));
  }

  @Override
  String resumedVersion(Snapshot snapshot) {
    return ackedVersion;
  }

  private boolean believed() {
    boolean warmsAnew = type == ResourceType.ENDPOINT;
    return !warmsAnew && (wildcard || reconnect == Reconnect.BELIEVED);
  }

  /** Whether the client comes back with something else than is there now. */
  boolean claimsOther(Snapshot snapshot) {
    return !claimed.isEmpty()
        && !isVersionOf(shared.whole(snapshot, type, names, wildcard), claimed);
  }

  private static boolean isVersionOf(Shared.Whole whole, String claim) {
    return whole.hash().toString().equals(claim);
  }

  /** Whether {@code claim} is the version of all that is wanted; if so it counts as accepted. */
  private boolean holds(String claim, Snapshot snapshot) {
    Shared.Whole whole = shared.whole(snapshot, type, names, wildcard);
    if (!held.isEmpty() || !isVersionOf(whole, claim)) {
      return false;
    }
    rememberAll(whole);
    ackedVersion = claim;
    return true;
  }

  private List<Resource> wanted(Snapshot snapshot) {
    if (held.isEmpty() && withdrawn.isEmpty()) {
      return shared.whole(snapshot, type, names, wildcard).resources();
    }
    List<Resource> wanted = new ArrayList<>();
    wantedNames(snapshot).forEach(name -> find(snapshot, name).ifPresent(wanted::add));
    return wanted;
  }

  private SortedSet<String> wantedNames(Snapshot snapshot) {
    TreeSet<String> wanted = new TreeSet<>(names.all());
    if (wildcard) {
      wanted.addAll(snapshot.resources(type).keySet());
      wanted.addAll(held.keySet());
      wanted.addAll(withdrawn.keySet());
    }
    return wanted;
  }

  private Changes changes(Snapshot snapshot) {
    List<Resource> put = new ArrayList<>();
    List<String> gone = new ArrayList<>();
    for (String name : candidates(snapshot)) {
      if (!subscribes(name) && !sent.contains(name)) {
        continue; // It was unsubscribed from since it was marked.
      }
      Optional<Resource> resource = find(snapshot, name);
      if (resource.isEmpty()) {
        if (sent.contains(name)) {
          gone.add(name);
        }
      } else if (marks.isForced(name) || differs(resource.get())) {
        put.add(resource.get());
      }
    }
    return new Changes(put, gone);
  }

  private SortedSet<String> candidates(Snapshot snapshot) {
    if (!marks.everything()) {
      return marks.names();
    }
    SortedSet<String> all = wantedNames(snapshot);
    all.addAll(marks.names());
    return all;
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
  void rememberAll(Shared.Whole whole) {
    super.rememberAll(whole);
    hash = whole.hash();
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
