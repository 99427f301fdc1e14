package dev.sluice.server.xds;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a client's resources with a time to live alive: half of that time after it last heard of
 * one that it uses, it hears of it again.
 *
 * <p>A heartbeat is no change. It has the nonce of the response before it, so that its answer says
 * nothing new and requests that come meanwhile are no stale ones. In delta it has no content. In
 * the state of the world it has: a type whose responses are whole would lose what is left out, and
 * Envoy lengthens the life only of what it is sent in full.
 */
final class Heartbeats {
  private final Variant variant;

  /** When the client last heard of a resource, by type and name. */
  private final Map<ResourceType, Map<String, Long>> heard = new EnumMap<>(ResourceType.class);

  Heartbeats(Variant variant) {
    this.variant = variant;
  }

  /** Notes what a response tells the client. */
  void sent(Response response, long now) {
    for (Resource resource : response.resources()) {
      if (resource.ttl().isPresent()) {
        heard.computeIfAbsent(response.type(), type -> new HashMap<>()).put(resource.name(), now);
      }
    }
  }

  /** What is due. Of a resource that the client brought along it is not known how old it is. */
  List<Response> due(SubscriptionState state, Snapshot snapshot, long now) {
    List<Response> due = new ArrayList<>();
    for (TypeSubscription subscription : state.subscriptions()) {
      beat(subscription, snapshot, now).ifPresent(due::add);
    }
    return due;
  }

  private Optional<Response> beat(TypeSubscription subscription, Snapshot snapshot, long now) {
    ResourceType type = subscription.type;
    Map<String, Resource> expiring = snapshot.expiring(type);
    Map<String, Long> times = heard.getOrDefault(type, Map.of());
    if (expiring.isEmpty() && times.isEmpty()) {
      return Optional.empty();
    }
    if (!times.isEmpty()) {
      times.keySet().retainAll(expiring.keySet());
    }
    List<Resource> late = new ArrayList<>();
    for (Resource resource : expiring.values()) {
      if (uses(subscription, resource) && now >= at(times.get(resource.name()), resource)) {
        late.add(resource);
      }
    }
    if (late.isEmpty() || !beats(subscription)) {
      return Optional.empty();
    }
    Map<String, Long> beaten = heard.computeIfAbsent(type, t -> new HashMap<>());
    List<Resource> told = told(subscription, snapshot, late);
    told.stream()
        .filter(resource -> resource.ttl().isPresent())
        .forEach(resource -> beaten.put(resource.name(), now));
    return Optional.of(
        new Response(
            variant,
            type,
            version(subscription),
            subscription.nonce(),
            told.stream()
                .map(variant == Variant.DELTA ? Resource::heartbeat : Resource::expiring)
                .toList(),
            List.of()));
  }

  /** A response that is due, or not answered, comes first; Envoy takes no heartbeats on demand. */
  private static boolean beats(TypeSubscription subscription) {
    return !subscription.awaitsReply()
        && !subscription.hasWork()
        && subscription.type != ResourceType.VIRTUAL_HOST;
  }

  private static boolean uses(TypeSubscription subscription, Resource resource) {
    return resource.version().equals(subscription.heldVersion(resource.name()));
  }

  private List<Resource> told(
      TypeSubscription subscription, Snapshot snapshot, List<Resource> late) {
    boolean whole =
        variant == Variant.STATE_OF_THE_WORLD
            && subscription.type.scope() == ResourceType.Scope.FULL_STATE;
    return whole
        ? subscription.sent.names().stream()
            .sorted()
            .flatMap(name -> subscription.find(snapshot, name).stream())
            .toList()
        : late;
  }

  private static String version(TypeSubscription subscription) {
    return subscription.sentVersion().isEmpty()
        ? subscription.ackedVersion
        : subscription.sentVersion();
  }

  /** When {@link #due} has to be asked again even if nothing else happens. */
  OptionalLong wakeAt(SubscriptionState state, Snapshot snapshot) {
    long at = Long.MAX_VALUE;
    for (TypeSubscription subscription : state.subscriptions()) {
      if (!beats(subscription)) {
        continue; // What it waits for will ask again.
      }
      Map<String, Long> times = heard.getOrDefault(subscription.type, Map.of());
      for (Resource resource : snapshot.expiring(subscription.type).values()) {
        if (uses(subscription, resource)) {
          at = Math.min(at, at(times.get(resource.name()), resource));
        }
      }
    }
    return at == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(at);
  }

  private static long at(@Nullable Long heard, Resource resource) {
    return heard == null ? 0 : heard + resource.ttl().orElseThrow().toNanos() / 2;
  }
}
