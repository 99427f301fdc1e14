package dev.sluice.server.xds;

import static java.util.Comparator.comparing;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.ResourceVersions;
import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Puts together what is known of a proxy that has a stream for each type, and for some types one
 * for each resource (Envoy opens one for each cluster's endpoints).
 */
final class StreamsOfOneType {
  private StreamsOfOneType() {}

  private record Proxy(String id, NodeGroup group, String userAgent, Variant variant) {}

  /** One status for each proxy, of those of its streams. */
  static List<NodeStatus> together(List<NodeStatus> streams) {
    Map<Proxy, NodeStatus> proxies = new LinkedHashMap<>();
    streams.stream()
        .sorted(comparing(NodeStatus::connectedSince))
        .forEach(
            stream ->
                proxies.merge(
                    new Proxy(stream.id(), stream.group(), stream.userAgent(), stream.variant()),
                    stream,
                    StreamsOfOneType::both));
    return List.copyOf(proxies.values());
  }

  private static NodeStatus both(NodeStatus older, NodeStatus newer) {
    EnumMap<ResourceType, NodeStatus.TypeStatus> types = new EnumMap<>(ResourceType.class);
    types.putAll(older.types());
    newer.types().forEach((type, status) -> types.merge(type, status, StreamsOfOneType::both));
    Instant since = older.connectedSince();
    return new NodeStatus(
        newer.id(),
        newer.group(),
        newer.userAgent(),
        newer.node(),
        newer.variant(),
        since,
        newer.served(),
        types);
  }

  private static NodeStatus.TypeStatus both(
      NodeStatus.TypeStatus older, NodeStatus.TypeStatus newer) {
    SortedSet<String> names = new TreeSet<>(older.names());
    names.addAll(newer.names());
    SortedMap<String, ResourceVersions> resources = new TreeMap<>(older.resources());
    resources.putAll(newer.resources());
    return new NodeStatus.TypeStatus(
        names,
        newest(older.sentVersion(), newer.sentVersion()),
        newest(older.ackedVersion(), newer.ackedVersion()),
        worse(older.sync(), newer.sync()),
        Stream.of(older.lastNack(), newer.lastNack())
            .flatMap(Optional::stream)
            .max(comparing(NodeStatus.Nack::at)),
        resources,
        newer.waitsFor().isEmpty() ? older.waitsFor() : newer.waitsFor(),
        Stream.of(older.behindSince(), newer.behindSince())
            .flatMap(Optional::stream)
            .min(Comparator.naturalOrder()));
  }

  private static String newest(String older, String newer) {
    return newer.isEmpty() ? older : newer;
  }

  private static NodeStatus.Sync worse(NodeStatus.Sync one, NodeStatus.Sync other) {
    Collection<NodeStatus.Sync> both = List.of(one, other);
    if (both.contains(NodeStatus.Sync.REFUSED)) {
      return NodeStatus.Sync.REFUSED;
    }
    return both.contains(NodeStatus.Sync.WAITING)
        ? NodeStatus.Sync.WAITING
        : NodeStatus.Sync.SYNCED;
  }
}
