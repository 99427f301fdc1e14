package dev.sluice.server.xds;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** A delta subscription: requests add names and take them away, responses tell what differs. */
final class DeltaSubscription extends TypeSubscription {
  private boolean named;
  private boolean fresh = true;

  /** Whether route configurations wait until they have heard anything of their virtual hosts. */
  private boolean tablesWait;

  DeltaSubscription(ResourceType type, Shared shared) {
    super(Variant.DELTA, type, shared);
  }

  /** Takes a change of what is wanted; in the first request also what the client holds. */
  void want(Request.Delta request, long epoch) {
    if (request.isReply() && !fresh) {
      return;
    }
    boolean first = fresh;
    fresh = false;
    if (first) {
      request.initial().forEach(sent::put);
      request.initial().keySet().forEach(name -> marks.mark(name, epoch));
    }
    if (legacyWildcard(request, first)) {
      wantAll(request, epoch);
    }
    if (onDemand() && first && request.subscribe().isEmpty()) {
      marks.owe(epoch);
      tablesWait = true;
    }
    if (!request.subscribe().isEmpty()) {
      named = true;
      wantNames(request, first, epoch);
    }
    request.unsubscribe().forEach(name -> unwant(name, epoch));
    if (first && !request.initial().isEmpty()) {
      sent.names().stream().filter(name -> !subscribes(name)).forEach(this::drop);
    }
  }

  /** Whether a client asks for each resource when a request needs it. */
  private boolean onDemand() {
    return type == ResourceType.VIRTUAL_HOST;
  }

  private boolean legacyWildcard(Request.Delta request, boolean first) {
    return type.wildcard() == ResourceType.Wildcard.LEGACY
        && first
        && !named
        && request.subscribe().isEmpty();
  }

  private void wantAll(Request.Delta request, long epoch) {
    if (!wildcard) {
      sent.beforeSubscribingToAll();
      wildcard = true;
      marks.markEverything(epoch);
    }
    if (request.initial().isEmpty()) {
      marks.owe(epoch);
    }
  }

  private void wantNames(Request.Delta request, boolean first, long epoch) {
    boolean nothingBefore =
        names.isEmpty() && !wildcard && sent.isEmpty() && refused.isEmpty() && !awaitsReply();
    if (nothingBefore && !shared.names(request.subscribe()).contains(WILDCARD)) {
      names = shared.names(request.subscribe());
      marks.markEverything(epoch); // All of it is new, so no name needs a mark of its own.
      return;
    }
    Set<String> added = new LinkedHashSet<>(request.subscribe());
    if (added.remove(WILDCARD)) {
      wantAll(request, epoch);
    }
    editNames(added, List.of());
    for (String name : added) {
      if (first && request.initial().containsKey(name)) {
        marks.mark(name, epoch);
      } else {
        marks.force(name, epoch);
      }
    }
  }

  private void unwant(String name, long epoch) {
    if (name.equals(WILDCARD)) {
      Set<String> held = sent.names();
      wildcard = false;
      held.stream().filter(left -> !names.contains(left)).forEach(this::drop);
      refused.keySet().retainAll(names.all());
      return;
    }
    if (names.contains(name)) {
      editNames(List.of(), List.of(name));
      drop(name);
      if (wildcard) {
        marks.force(name, epoch);
      }
    }
  }

  @Override
  Optional<Draft> draft(Snapshot snapshot) {
    if (!onDemand()
        && marks.everything()
        && sent.isEmpty()
        && refused.isEmpty()
        && held.isEmpty()) {
      return whole(snapshot);
    }
    List<Resource> put = new ArrayList<>();
    List<Resource> unresolved = new ArrayList<>(waitingTables(snapshot));
    TreeSet<String> removed = new TreeSet<>();
    for (String name : candidates(snapshot)) {
      if (!subscribes(name) && !sent.contains(name)) {
        continue; // It was unsubscribed from since it was marked.
      }
      Optional<Resource> resource = find(snapshot, name);
      if (resource.isEmpty()) {
        if (isUnresolved(name)) {
          unresolved.add(Resource.unresolved(type, name));
        } else if (sent.contains(name) || marks.isForced(name)) {
          removed.add(name);
        }
      } else if (marks.isForced(name) || differs(resource.get())) {
        put.add(resource.get());
      }
    }
    if (put.isEmpty() && unresolved.isEmpty() && removed.isEmpty() && !marks.owed()) {
      return Optional.empty();
    }
    // A client that refused a response may hold on to what that response took away.
    refused.keySet().stream()
        .filter(name -> find(snapshot, name).isEmpty() && !held.containsKey(name))
        .forEach(removed::add);
    Changes changes = new Changes(put, List.copyOf(removed));
    List<Resource> all =
        Stream.concat(put.stream(), unresolved.stream())
            .sorted(Comparator.comparing(Resource::name))
            .toList();
    return Optional.of(new Draft(version(snapshot), all, changes.gone(), changes, null));
  }

  /**
   * What ends the waiting of route configurations, and gives them no virtual host. Envoy hands a
   * route configuration what has its name before the last slash, and nothing for nothing.
   */
  private List<Resource> waitingTables(Snapshot snapshot) {
    if (!tablesWait) {
      return List.of();
    }
    tablesWait = false;
    return snapshot.resources(ResourceType.ROUTE).values().stream()
        .filter(Resource::hasVirtualHostsOnDemand)
        .map(table -> Resource.unresolved(type, table.name() + "/"))
        .toList();
  }

  /** Whether a client that demands {@code name} is told that there is none. */
  private boolean isUnresolved(String name) {
    boolean demanded = marks.isForced(name) || (marks.everything() && names.contains(name));
    return onDemand() && demanded && !sent.contains(name);
  }

  /** The first response: nothing was sent before, so what is due is the same for every stream. */
  private Optional<Draft> whole(Snapshot snapshot) {
    Shared.Whole whole = shared.whole(snapshot, type, names, wildcard);
    Changes changes = new Changes(whole.resources(), whole.missing());
    return changes.isEmpty() && !marks.owed()
        ? Optional.empty()
        : Optional.of(
            new Draft(version(snapshot), whole.resources(), whole.missing(), changes, whole));
  }

  private Set<String> candidates(Snapshot snapshot) {
    if (!marks.everything()) {
      return marks.names();
    }
    TreeSet<String> all = new TreeSet<>(marks.names());
    all.addAll(names.all());
    if (wildcard) {
      all.addAll(snapshot.resources(type).keySet());
    }
    return all;
  }

  @Override
  String resumedVersion(Snapshot snapshot) {
    return sent.isEmpty() || !held.isEmpty() ? "" : version(snapshot);
  }

  private String version(Snapshot snapshot) {
    return snapshot.hash(type).toString();
  }

  @Override
  boolean wholeState() {
    return false;
  }
}
