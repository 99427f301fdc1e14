package dev.sluice.server.overrides;

import dev.sluice.catalog.ServiceId;
import dev.sluice.node.NodeGroup;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.xds.NodeStatus;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.function.Function;

/**
 * Whether a proxy uses the newest instances of a service.
 *
 * @param proxy its {@code node.id}
 * @param isNewest whether it has acknowledged them
 * @param words why it has not, in its own words or ours; empty where nothing is known
 */
public record Acknowledged(String proxy, boolean isNewest, String words) {
  public Acknowledged {
    Objects.requireNonNull(proxy);
    Objects.requireNonNull(words);
  }

  /** The proxies that ask for instances of the service, each with how far it is. */
  static List<Acknowledged> of(
      ServiceId service,
      List<NodeStatus> proxies,
      Function<NodeGroup, Optional<Snapshot>> snapshots) {
    return proxies.stream()
        .flatMap(
            proxy ->
                snapshots.apply(proxy.group()).stream()
                    .flatMap(snapshot -> of(service, proxy, snapshot).stream()))
        .sorted((one, other) -> one.proxy().compareTo(other.proxy()))
        .toList();
  }

  /**
   * Every proxy, with whether it is given its newest snapshot, and uses what it asked for of it.
   */
  public static List<Acknowledged> ofAll(
      List<NodeStatus> proxies, Function<NodeGroup, Optional<Snapshot>> snapshots) {
    return proxies.stream()
        .flatMap(
            proxy ->
                snapshots.apply(proxy.group()).stream().map(snapshot -> ofAll(proxy, snapshot)))
        .sorted((one, other) -> one.proxy().compareTo(other.proxy()))
        .toList();
  }

  private static Acknowledged ofAll(NodeStatus proxy, Snapshot snapshot) {
    Optional<NodeStatus.TypeStatus> behind =
        proxy.types().values().stream()
            .filter(type -> type.sync() != NodeStatus.Sync.SYNCED)
            .findFirst();
    boolean isServed = proxy.served().sameAs(snapshot);
    String words =
        behind
            .map(Acknowledged::words)
            .orElse(isServed ? "" : "is not given all of it yet; 'sluice status' tells more");
    return new Acknowledged(proxy.id(), isServed && behind.isEmpty(), words);
  }

  private static String words(NodeStatus.TypeStatus asked) {
    return asked
        .lastNack()
        .filter(_ -> asked.sync() == NodeStatus.Sync.REFUSED)
        .map(nack -> "refused: " + nack.message())
        .orElse(asked.waitsFor().isEmpty() ? "" : "waits for " + asked.waitsFor());
  }

  private static Optional<Acknowledged> of(ServiceId service, NodeStatus proxy, Snapshot snapshot) {
    NodeStatus.TypeStatus asked = proxy.types().get(ResourceType.ENDPOINT);
    if (asked == null) {
      return Optional.empty();
    }
    // An assignment is called service.namespace|port, or more after another bar.
    SortedMap<String, Resource> own =
        snapshot.resources(ResourceType.ENDPOINT).subMap(service + "|", service + "}");
    List<Resource> concerned =
        own.values().stream()
            .filter(
                it ->
                    asked.names().contains("*")
                        || asked.names().contains(it.name())
                        || asked.resources().containsKey(it.name()))
            .toList();
    boolean newest = concerned.stream().allMatch(it -> isUsed(asked, it));
    String words = newest ? "" : words(asked);
    return concerned.isEmpty()
        ? Optional.empty()
        : Optional.of(new Acknowledged(proxy.id(), newest, words));
  }

  private static boolean isUsed(NodeStatus.TypeStatus asked, Resource resource) {
    NodeStatus.ResourceStatus known = asked.resources().get(resource.name());
    return known != null && known.ackedVersion().equals(resource.version());
  }
}
