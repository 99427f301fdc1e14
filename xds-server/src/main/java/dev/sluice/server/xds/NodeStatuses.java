package dev.sluice.server.xds;

import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import java.time.Instant;
import java.util.EnumMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongFunction;

/** Copies a stream's state to a value that may leave the stream's lock. */
final class NodeStatuses {
  private NodeStatuses() {}

  static NodeStatus of(
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

  private static NodeStatus.TypeStatus typeStatus(
      TypeSubscription subscription, String waitsFor, LongFunction<Instant> instants) {
    TreeSet<String> names = new TreeSet<>(subscription.names.all());
    if (subscription.wildcard) {
      names.add(TypeSubscription.WILDCARD);
    }
    TreeMap<String, NodeStatus.ResourceStatus> resources = new TreeMap<>();
    for (String name : subscription.sent.names()) {
      String version = String.valueOf(subscription.sent.get(name));
      resources.put(name, new NodeStatus.ResourceStatus(version, subscription.heldVersion(name)));
    }
    return new NodeStatus.TypeStatus(
        names,
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
        resources,
        waitsFor,
        subscription.behindSince().stream().mapToObj(instants).findFirst());
  }

  private static NodeStatus.Sync sync(TypeSubscription subscription) {
    if (subscription.isUnderWay()) {
      return NodeStatus.Sync.WAITING;
    }
    return subscription.refused.isEmpty() ? NodeStatus.Sync.SYNCED : NodeStatus.Sync.REFUSED;
  }
}
