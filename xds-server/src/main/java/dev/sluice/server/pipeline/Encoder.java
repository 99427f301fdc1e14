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
import dev.sluice.translate.PackedTypes;
import dev.sluice.translate.VirtualHostInput;
import dev.sluice.translate.VirtualHosts;
import dev.sluice.translate.check.FieldChecker;
import dev.sluice.translate.check.Violation;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.route.v3.VirtualHost;
import java.util.List;
import java.util.stream.Stream;

/**
 * Translates, encodes and checks each input once: the key of its caches is the record that is the
 * whole input of a proto, so that groups, versions and revisions that agree share the bytes. The
 * pipeline's thread uses it, and threads that try a change beside it.
 */
final class Encoder {
  private static final long KEPT = 200_000;

  /** Of one thread at a time; a check takes microseconds. */
  private final FieldChecker checker = new FieldChecker(PackedTypes.ALL);

  private final Cache<ClusterInput, Encoded<Resource>> clusters = cache();
  private final Cache<AssignmentInput, Encoded<Resource>> assignments = cache();
  private final Cache<ListenerInput, Encoded<Resource>> listeners = cache();
  private final Cache<VirtualHostInput, Encoded<VirtualHost>> virtualHosts = cache();

  /**
   * What an input gives.
   *
   * @param name what it is, for those who read of its violations
   * @param violations for which Envoy would refuse it; it must not be published unless empty
   */
  record Encoded<T>(String name, T value, List<Violation> violations) {
    Encoded {
      violations = List.copyOf(violations);
    }

    /** What is wrong with it, one line each. */
    Stream<String> broken() {
      return violations.stream().map(violation -> name + ": " + violation);
    }
  }

  private static <K, V> Cache<K, V> cache() {
    // What the cache has to do, the caller does: nothing here has a thread of its own.
    return Caffeine.newBuilder().maximumSize(KEPT).executor(Runnable::run).recordStats().build();
  }

  Encoded<Resource> cluster(ClusterInput input) {
    return clusters.get(
        input, key -> encoded(ResourceType.CLUSTER, key.name(), Clusters.cluster(key)));
  }

  Encoded<Resource> assignment(AssignmentInput input) {
    return assignments.get(
        input, key -> encoded(ResourceType.ENDPOINT, key.cluster(), Assignments.assignment(key)));
  }

  Encoded<Resource> listener(ListenerInput input) {
    return listeners.get(
        input, key -> encoded(ResourceType.LISTENER, key.name(), Listeners.listener(key)));
  }

  Encoded<VirtualHost> virtualHost(VirtualHostInput input) {
    return virtualHosts.get(
        input,
        key -> {
          VirtualHost host = VirtualHosts.virtualHost(key);
          return new Encoded<>("VirtualHost " + key.name(), host, violations(host));
        });
  }

  /** A Cluster that is not made of an input. */
  Encoded<Resource> cluster(Cluster cluster) {
    return encoded(ResourceType.CLUSTER, cluster.getName(), cluster);
  }

  /** What the caches did so far, all together. */
  CacheStats stats() {
    return clusters
        .stats()
        .plus(assignments.stats())
        .plus(listeners.stats())
        .plus(virtualHosts.stats());
  }

  private Encoded<Resource> encoded(ResourceType type, String name, Message message) {
    return new Encoded<>(
        message.getDescriptorForType().getName() + " " + name,
        Resource.of(type, name, message, Provenance.NONE),
        violations(message));
  }

  private List<Violation> violations(Message message) {
    synchronized (checker) {
      return checker.check(message);
    }
  }
}
