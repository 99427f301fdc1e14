package dev.sluice.server.pipeline;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.stats.CacheStats;
import com.google.protobuf.Message;
import dev.sluice.server.snapshot.Provenance;
import dev.sluice.server.snapshot.Resource;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.translate.AssignmentInput;
import dev.sluice.translate.Assignments;
import dev.sluice.translate.ClusterInput;
import dev.sluice.translate.Clusters;
import dev.sluice.translate.ListenerInput;
import dev.sluice.translate.Listeners;
import dev.sluice.translate.VirtualHostInput;
import dev.sluice.translate.VirtualHosts;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;

/**
 * Translates and encodes each input once: the key of its caches is the record that is the whole
 * input of a proto, so that groups, versions and revisions that agree share the bytes.
 */
final class Encoder {
  private static final long KEPT = 200_000;

  private final Cache<ClusterInput, Resource> clusters = cache();
  private final Cache<AssignmentInput, Resource> assignments = cache();
  private final Cache<ListenerInput, Resource> listeners = cache();
  private final Cache<VirtualHostInput, VirtualHost> virtualHosts = cache();

  private static <K, V> Cache<K, V> cache() {
    // On the caller's thread: the pipeline's one thread is the only one that may do work here.
    return Caffeine.newBuilder().maximumSize(KEPT).executor(Runnable::run).recordStats().build();
  }

  Resource cluster(ClusterInput input) {
    return clusters.get(
        input, key -> encoded(ResourceType.CLUSTER, key.name(), Clusters.cluster(key)));
  }

  Resource assignment(AssignmentInput input) {
    return assignments.get(
        input, key -> encoded(ResourceType.ENDPOINT, key.cluster(), Assignments.assignment(key)));
  }

  Resource listener(ListenerInput input) {
    return listeners.get(
        input, key -> encoded(ResourceType.LISTENER, key.name(), Listeners.listener(key)));
  }

  VirtualHost virtualHost(VirtualHostInput input) {
    return virtualHosts.get(input, VirtualHosts::virtualHost);
  }

  /** What the caches did so far, all together. */
  CacheStats stats() {
    return clusters
        .stats()
        .plus(assignments.stats())
        .plus(listeners.stats())
        .plus(virtualHosts.stats());
  }

  private static Resource encoded(ResourceType type, String name, Message message) {
    return Resource.of(type, name, message, Provenance.NONE);
  }
}
