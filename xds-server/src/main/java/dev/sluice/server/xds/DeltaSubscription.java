package dev.sluice.server.xds;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** A delta subscription: requests add names and take them away, responses tell what differs. */
final class DeltaSubscription extends TypeSubscription {
  private boolean named;
  private boolean fresh = true;

  DeltaSubscription(ResourceType type) {
    super(Variant.DELTA, type);
  }

  /** Takes a change of what is wanted; in the first request also what the client holds. */
  void want(Request.Delta request, long epoch) {
    boolean first = fresh;
    fresh = false;
    if (first) {
      sent.putAll(request.initial());
      request.initial().keySet().forEach(name -> mark(name, epoch));
    }
    if (legacyWildcard(request, first)) {
      wantAll(request, epoch);
    }
    named |= !request.subscribe().isEmpty();
    for (String name : new LinkedHashSet<>(request.subscribe())) {
      if (name.equals(WILDCARD)) {
        wantAll(request, epoch);
      } else {
        names.add(name);
        if (request.initial().containsKey(name) && first) {
          mark(name, epoch);
        } else {
          force(name, epoch);
        }
      }
    }
    request.unsubscribe().forEach(name -> unwant(name, epoch));
    if (first) {
      List.copyOf(sent.keySet()).stream().filter(name -> !subscribes(name)).forEach(this::drop);
    }
  }

  private boolean legacyWildcard(Request.Delta request, boolean first) {
    return type.wildcard() == ResourceType.Wildcard.LEGACY
        && first
        && !named
        && request.subscribe().isEmpty();
  }

  private void wantAll(Request.Delta request, long epoch) {
    if (!wildcard) {
      wildcard = true;
      markEverything(epoch);
    }
    if (request.initial().isEmpty()) {
      owe(epoch);
    }
  }

  private void unwant(String name, long epoch) {
    if (name.equals(WILDCARD)) {
      wildcard = false;
      List.copyOf(sent.keySet()).stream().filter(left -> !names.contains(left)).forEach(this::drop);
      return;
    }
    if (names.remove(name)) {
      drop(name);
      if (wildcard) {
        force(name, epoch);
      }
    }
  }

  @Override
  Optional<Draft> draft(Snapshot snapshot) {
    if (everything && wildcard) {
      pending.addAll(snapshot.resources(type).keySet());
    }
    List<Resource> put = new ArrayList<>();
    TreeSet<String> removed = new TreeSet<>();
    for (String name : pending) {
      Optional<Resource> resource = find(snapshot, name);
      if (resource.isEmpty()) {
        if (sent.containsKey(name) || forced.contains(name)) {
          removed.add(name);
        }
      } else if (forced.contains(name) || !resource.get().version().equals(sent.get(name))) {
        put.add(resource.get());
      }
    }
    if (put.isEmpty() && removed.isEmpty() && !owed) {
      return Optional.empty();
    }
    // A client that refused a response may hold on to what that response took away.
    refused.keySet().stream()
        .filter(name -> find(snapshot, name).isEmpty() && !held.containsKey(name))
        .forEach(removed::add);
    List<String> gone = List.copyOf(removed);
    String version = snapshot.hash(type).toString();
    return Optional.of(new Draft(version, put, gone, new Changes(put, gone)));
  }

  @Override
  boolean wholeState() {
    return false;
  }
}
