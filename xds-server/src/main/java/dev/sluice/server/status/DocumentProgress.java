package dev.sluice.server.status;

import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.server.xds.NodeStatus;
import dev.sluice.spec.DocumentKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * How many proxies have acknowledged what a document makes, of how many that it concerns.
 *
 * <p>A document concerns a proxy that subscribes to a resource which the document shaped.
 */
public final class DocumentProgress {
  private final Map<String, Count> counts = new HashMap<>();
  private final IdentityHashMap<Snapshot, Map<String, List<Resource>>> made =
      new IdentityHashMap<>();

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

  /** Counts over these proxies. */
  public static DocumentProgress of(List<NodeStatus> proxies) {
    DocumentProgress progress = new DocumentProgress();
    proxies.forEach(progress::add);
    return progress;
  }

  /** The count of a document. */
  public Count of(DocumentKey key) {
    return counts.getOrDefault(key.toString(), Count.NONE);
  }

  /** What a document shaped in a snapshot. */
  public static List<Resource> shaped(DocumentKey key, Snapshot snapshot) {
    String document = key.toString();
    return resources(snapshot).filter(it -> documents(it).contains(document)).toList();
  }

  private void add(NodeStatus proxy) {
    made.computeIfAbsent(proxy.served(), DocumentProgress::byDocument)
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

  private static Map<String, List<Resource>> byDocument(Snapshot snapshot) {
    Map<String, List<Resource>> byDocument = new HashMap<>();
    resources(snapshot)
        .forEach(
            one -> {
              for (String document : documents(one)) {
                byDocument.computeIfAbsent(document, _ -> new ArrayList<>()).add(one);
              }
            });
    return byDocument;
  }

  private static Stream<Resource> resources(Snapshot snapshot) {
    return Stream.of(ResourceType.values())
        .flatMap(type -> snapshot.resources(type).values().stream());
  }

  /** The documents' keys: without the places in brackets, with which they are shown. */
  private static Set<String> documents(Resource resource) {
    Set<String> keys = new TreeSet<>();
    for (String document : resource.provenance().documents()) {
      int place = document.indexOf(" (");
      keys.add(place < 0 ? document : document.substring(0, place));
    }
    return keys;
  }
}
