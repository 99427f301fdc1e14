package dev.sluice.server.status;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import com.github.benmanes.caffeine.cache.Scheduler;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Snapshot;
import dev.sluice.spec.DocumentKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What each document shaped in snapshots, each of which is gone through once, for as long as it is
 * asked for. Any thread may ask.
 */
public final class ShapedResources {
  /** Beyond what lies between two looks: who keeps older snapshots asks for nothing of them. */
  private static final Duration KEPT = Duration.ofSeconds(5);

  /** Weak keys are compared by who they are. */
  private final LoadingCache<Snapshot, Map<String, List<Resource>>> known =
      Caffeine.newBuilder()
          .weakKeys()
          .expireAfterAccess(KEPT)
          .scheduler(Scheduler.systemScheduler())
          .build(ShapedResources::byDocument);

  /** What a document shaped in a snapshot. */
  public List<Resource> of(DocumentKey key, Snapshot snapshot) {
    return all(snapshot).getOrDefault(key.toString(), List.of());
  }

  /** The resources of a snapshot by the keys of the documents that shaped them. */
  Map<String, List<Resource>> all(Snapshot snapshot) {
    return known.get(snapshot);
  }

  private static Map<String, List<Resource>> byDocument(Snapshot snapshot) {
    Map<String, List<Resource>> byDocument = new HashMap<>();
    for (ResourceType type : ResourceType.values()) {
      for (Resource resource : snapshot.resources(type).values()) {
        for (String document : documents(resource)) {
          byDocument.computeIfAbsent(document, _ -> new ArrayList<>()).add(resource);
        }
      }
    }
    return byDocument;
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
