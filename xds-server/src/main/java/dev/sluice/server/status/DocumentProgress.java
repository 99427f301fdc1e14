package dev.sluice.server.status;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.xds.NodeStatus;
import dev.sluice.spec.DocumentKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * How many proxies have acknowledged what a document makes, of how many that it concerns.
 *
 * <p>A document concerns a proxy that subscribes to a resource which the document shaped.
 */
public final class DocumentProgress {
  private final Map<String, Count> counts = new HashMap<>();
  private final ShapedResources shaped = new ShapedResources();

  private DocumentProgress() {}

  /**
   * Of one document.
   *
   * @param acknowledged proxies that use what the document makes as it is now
   * @param concerned proxies that subscribe to something of it
   */
  public record Count(int acknowledged, int concerned) {
    /** It concerns no proxy. */
    public static final Count NONE = new Count(0, 0);

    private Count plus(Count other) {
      return new Count(acknowledged + other.acknowledged, concerned + other.concerned);
    }
  }

  /**
   * Counts over these proxies. One that is not given the newest, since it or another one refused
   * it, has not acknowledged it.
   *
   * @param snapshots the newest snapshot of a group, whether it is served or not
   */
  public static DocumentProgress of(
      List<NodeStatus> proxies, Function<NodeGroup, Optional<Snapshot>> snapshots) {
    DocumentProgress progress = new DocumentProgress();
    for (NodeStatus proxy : proxies) {
      snapshots.apply(proxy.group()).ifPresent(newest -> progress.add(proxy, newest));
    }
    return progress;
  }

  /** The count of a document. */
  public Count of(DocumentKey key) {
    return counts.getOrDefault(key.toString(), Count.NONE);
  }

  private void add(NodeStatus proxy, Snapshot newest) {
    shaped
        .all(newest)
        .forEach(
            (document, resources) -> {
              List<Resource> concerned =
                  resources.stream().filter(one -> Acknowledged.isAsked(proxy, one)).toList();
              if (!concerned.isEmpty()) {
                boolean all = concerned.stream().allMatch(one -> Acknowledged.isUsed(proxy, one));
                counts.merge(document, new Count(all ? 1 : 0, 1), Count::plus);
              }
            });
  }
}
