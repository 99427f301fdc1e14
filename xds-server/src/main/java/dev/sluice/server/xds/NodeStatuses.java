package dev.sluice.server.xds;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.ResourceVersions;
import dev.sluice.server.snapshot.Snapshot;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongFunction;

/**
 * One look at many streams: copies the state of each to a value that may leave the stream's lock.
 *
 * <p>Nearly all proxies of a group have what their group has, so that a thousand of them share one
 * list of names and one of versions. One thread uses it, once.
 */
final class NodeStatuses {
  /** By what the streams count from, and by what they subscribe to of it. */
  private final IdentityHashMap<
          SortedMap<String, Resource>, Map<Wanted, SortedMap<String, ResourceVersions>>>
      shared = new IdentityHashMap<>();

  private final Map<Wanted, SortedSet<String>> names = new HashMap<>();

  private record Wanted(NameSet names, boolean wildcard) {
    static Wanted of(TypeSubscription subscription) {
      return new Wanted(subscription.names, subscription.wildcard);
    }

    SortedSet<String> all() {
      SortedSet<String> all = new TreeSet<>(names.all());
      if (wildcard) {
        all.add(TypeSubscription.WILDCARD);
      }
      return Collections.unmodifiableSortedSet(all);
    }
  }

  NodeStatus at(
      ProxyNode node,
      Variant variant,
      Instant since,
      Snapshot served,
      SubscriptionState state,
      long now,
      LongFunction<Instant> instants) {
    EnumMap<ResourceType, NodeStatus.TypeStatus> types = new EnumMap<>(ResourceType.class);
    for (TypeSubscription subscription : state.subscriptions()) {
      String waitsFor = state.waitsFor(subscription, now);
      types.put(subscription.type, typeStatus(subscription, waitsFor, instants));
    }
    return new NodeStatus(
        node.id(), node.group(), node.userAgent(), node.encoded(), variant, since, served, types);
  }

  private NodeStatus.TypeStatus typeStatus(
      TypeSubscription subscription, String waitsFor, LongFunction<Instant> instants) {
    return new NodeStatus.TypeStatus(
        names.computeIfAbsent(Wanted.of(subscription), Wanted::all),
        subscription.sentVersion(),
        subscription.ackedVersion,
        sync(subscription),
        subscription
            .lastNack()
            .map(
                nack ->
                    new NodeStatus.Nack(
                        nack.message(),
                        nack.version(),
                        nack.names(),
                        nack.documents(),
                        instants.apply(subscription.refusedAt()))),
        resources(subscription),
        waitsFor,
        subscription.behindSince().stream().mapToObj(instants).findFirst());
  }

  private SortedMap<String, ResourceVersions> resources(TypeSubscription subscription) {
    return subscription
        .sent
        .shared()
        .filter(_ -> subscription.refused.isEmpty() && !subscription.awaitsReply())
        .map(
            base ->
                shared
                    .computeIfAbsent(base, _ -> new HashMap<>())
                    .computeIfAbsent(Wanted.of(subscription), _ -> listed(subscription)))
        .orElseGet(() -> listed(subscription));
  }

  private static SortedMap<String, ResourceVersions> listed(TypeSubscription subscription) {
    SortedMap<String, ResourceVersions> resources = new TreeMap<>();
    for (String name : subscription.sent.names()) {
      String version = String.valueOf(subscription.sent.get(name));
      resources.put(name, new ResourceVersions(version, subscription.heldVersion(name)));
    }
    return Collections.unmodifiableSortedMap(resources); // So that a status has this very one.
  }

  private static NodeStatus.Sync sync(TypeSubscription subscription) {
    if (subscription.isUnderWay()) {
      return NodeStatus.Sync.WAITING;
    }
    return subscription.refused.isEmpty() ? NodeStatus.Sync.SYNCED : NodeStatus.Sync.REFUSED;
  }
}
