package dev.sluice.server.status;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceVersions;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.xds.NodeStatus;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * Whether a proxy uses the newest of some resources.
 *
 * @param proxy its {@code node.id}
 * @param isNewest whether it has acknowledged all of them that it asks for
 * @param words why it has not, in its own words or ours; empty where nothing is known
 */
public record Acknowledged(String proxy, boolean isNewest, String words) {
  public Acknowledged {
    Objects.requireNonNull(proxy);
    Objects.requireNonNull(words);
  }

  /**
   * The proxies that ask for one of the resources or more, each with how far it is, by id.
   *
   * @param snapshots the newest snapshot of a group
   * @param concerned the resources, in a snapshot; asked once for each
   */
  public static List<Acknowledged> of(
      List<NodeStatus> proxies,
      Function<NodeGroup, Optional<Snapshot>> snapshots,
      Function<Snapshot, List<Resource>> concerned) {
    IdentityHashMap<Snapshot, List<Resource>> known = new IdentityHashMap<>();
    return proxies.stream()
        .flatMap(
            proxy ->
                snapshots
                    .apply(proxy.group())
                    .map(snapshot -> known.computeIfAbsent(snapshot, concerned))
                    .flatMap(resources -> of(proxy, resources))
                    .stream())
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

  private static Optional<Acknowledged> of(NodeStatus proxy, List<Resource> resources) {
    List<Resource> asked = resources.stream().filter(it -> isAsked(proxy, it)).toList();
    if (asked.isEmpty()) {
      return Optional.empty();
    }
    String words =
        asked.stream()
            .filter(it -> !isUsed(proxy, it))
            .map(it -> words(Objects.requireNonNull(proxy.types().get(it.type()))))
            .distinct()
            .reduce("", (one, other) -> one.isEmpty() ? other : one);
    boolean newest = asked.stream().allMatch(it -> isUsed(proxy, it));
    return Optional.of(new Acknowledged(proxy.id(), newest, words));
  }

  /** Whether the proxy subscribes to it. */
  public static boolean isAsked(NodeStatus proxy, Resource resource) {
    NodeStatus.TypeStatus asked = proxy.types().get(resource.type());
    return asked != null
        && (asked.names().contains("*")
            || asked.names().contains(resource.name())
            || asked.resources().containsKey(resource.name()));
  }

  /**
   * Whether the proxy uses it in this very version, and is to answer nothing else of it any more:
   * another version that it has not answered would be used after this one.
   */
  public static boolean isUsed(NodeStatus proxy, Resource resource) {
    NodeStatus.TypeStatus asked = proxy.types().get(resource.type());
    if (asked == null) {
      return false;
    }
    ResourceVersions known = asked.resources().get(resource.name());
    return known != null
        && known.acknowledged().equals(resource.version())
        && (known.sent().equals(resource.version()) || asked.sync() != NodeStatus.Sync.WAITING);
  }

  /**
   * The words with which the proxy refused it in this very version; empty where it has not, or
   * found fault only with what came along.
   */
  public static Optional<String> refusal(NodeStatus proxy, Resource resource) {
    NodeStatus.TypeStatus asked = proxy.types().get(resource.type());
    if (asked == null || asked.sync() != NodeStatus.Sync.REFUSED) {
      return Optional.empty();
    }
    ResourceVersions known = asked.resources().get(resource.name());
    boolean isSent = known != null && known.sent().equals(resource.version());
    return asked
        .lastNack()
        .filter(nack -> isSent && nack.names().contains(resource.name()))
        .map(NodeStatus.Nack::message);
  }

  private static String words(NodeStatus.TypeStatus asked) {
    return asked
        .lastNack()
        .filter(_ -> asked.sync() == NodeStatus.Sync.REFUSED)
        .map(nack -> "refused: " + nack.message())
        .orElse(asked.waitsFor().isEmpty() ? "" : "waits for " + asked.waitsFor());
  }
}
