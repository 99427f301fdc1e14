package dev.sluice.server.source.kubernetes;

import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import dev.sluice.catalog.SourceName;
import dev.sluice.server.source.kubernetes.Grace.Seen;
import dev.sluice.server.source.kubernetes.SliceFacts.Instance;
import dev.sluice.server.source.kubernetes.Touched.Batch;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The services of a cluster, redoing only what changed; of the source's thread. */
final class ClusterServices {
  private static final Logger LOG = LoggerFactory.getLogger(KubernetesSource.class);

  private final Kinds kinds;
  private final ServiceJoin join;
  private final Grace grace;
  private final AwaitedPods awaited = new AwaitedPods();
  private final SliceIndex index = new SliceIndex();
  private final Map<ServiceId, Service> told = new HashMap<>();

  /**
   * The watches that services are made of.
   *
   * @param services Services
   * @param slices EndpointSlices, or Endpoints objects where there are none
   * @param pods Pods
   * @param nodes Nodes
   */
  record Kinds(
      Watched<ServiceFacts> services,
      Watched<List<SliceFacts>> slices,
      Watched<PodLabels> pods,
      Watched<Locality> nodes) {
    List<Watched<?>> all() {
      return List.of(services, slices, pods, nodes);
    }
  }

  ClusterServices(SourceName source, Kinds kinds, Duration holdEmpty) {
    this.kinds = kinds;
    this.join = new ServiceJoin(source, kinds.pods()::facts, kinds.nodes()::facts);
    this.grace = new Grace(holdEmpty);
  }

  /**
   * What became of the services that the batch concerns.
   *
   * @param at in the time of {@link System#nanoTime}
   * @return each service that differs from what was told, empty where it is gone
   */
  Map<ServiceId, Optional<Service>> take(Batch batch, long at) {
    awaited.live(kinds.pods().isLive());
    Set<ServiceId> dirty = new HashSet<>(grace.due(at));
    dirty.addAll(awaited.due(at));
    Set<ServiceId> doubtful = new HashSet<>();
    for (String key : batch.doubtful(kinds.services())) {
      doubtful.add(id(key));
    }
    for (String key : batch.doubtful(kinds.slices())) {
      doubtful.addAll(index.put(key, kinds.slices().facts(key)));
    }
    dirty.addAll(doubtful);
    Set<ServiceId> certain = new HashSet<>();
    for (String key : batch.changed(kinds.services())) {
      certain.add(id(key));
    }
    for (String key : batch.changed(kinds.slices())) {
      certain.addAll(index.put(key, kinds.slices().facts(key)));
    }
    certain.removeAll(doubtful);
    certain.forEach(grace::certain);
    dirty.addAll(certain);
    batch.all(kinds.pods()).forEach(pod -> dirty.addAll(index.ofPod(pod)));
    batch.all(kinds.nodes()).forEach(node -> dirty.addAll(index.ofNode(node)));
    Map<ServiceId, Optional<Service>> changed = new HashMap<>();
    for (ServiceId id : dirty) {
      try {
        look(id, doubtful.contains(id), at, changed);
      } catch (RuntimeException e) {
        awaited.forget(id);
        LOG.error("service {} cannot be read; it stays as it was until it changes", id, e);
      }
    }
    return changed;
  }

  private void look(
      ServiceId id, boolean doubtful, long at, Map<ServiceId, Optional<Service>> changed) {
    Service before = told.get(id);
    Service now = now(id);
    if (now == null) {
      awaited.forget(id);
    } else if (before != null) {
      now = awaited.without(unknown(before, now), before, now, at);
    }
    Seen seen = new Seen(before, now, doubtful, index.hasSeveral(id));
    Service after = grace.tell(id, seen, at).orElse(null);
    if (!Objects.equals(before, after)) {
      changed.put(id, Optional.ofNullable(after));
      put(id, after);
    }
  }

  /** The addresses of instances that came and of whose pods nothing is known. */
  private Set<String> unknown(Service before, Service now) {
    if (!kinds.pods().isListed()) {
      return Set.of();
    }
    return index.of(now.id()).stream()
        .flatMap(slice -> slice.instances().stream())
        .filter(one -> one.health() == Health.HEALTHY && isUnknown(now.id(), one.pod()))
        .filter(one -> before.endpoints().stream().noneMatch(told -> ServiceJoin.isOf(told, one)))
        .map(Instance::address)
        .collect(Collectors.toSet());
  }

  private boolean isUnknown(ServiceId id, @Nullable String pod) {
    return pod != null && kinds.pods().facts(id.namespace() + "/" + pod) == null;
  }

  private void put(ServiceId id, @Nullable Service after) {
    if (after == null) {
      told.remove(id);
    } else {
      told.put(id, after);
    }
  }

  private @Nullable Service now(ServiceId id) {
    ServiceFacts facts = kinds.services().facts(key(id));
    return facts == null ? null : join.service(id, facts, index.of(id), told.get(id));
  }

  private static String key(ServiceId id) {
    return id.namespace() + "/" + id.name();
  }

  private static ServiceId id(String key) {
    int slash = key.indexOf('/');
    return new ServiceId(key.substring(slash + 1), key.substring(0, slash));
  }

  /** Whether the cluster has a Service of that name. */
  boolean has(ServiceId id) {
    return told.containsKey(id);
  }

  /** Those that were told. */
  Map<ServiceId, Service> told() {
    return told;
  }

  /** Has all that services are made of looked at once more. */
  void lookAgain(ClusterWatches watches) {
    List<String> services = told.keySet().stream().map(ClusterServices::key).toList();
    watches.lookAgain(kinds.services(), services);
    watches.lookAgain(kinds.slices(), index.keys());
  }

  /** When to look again though nothing changes. */
  OptionalLong next() {
    return LongStream.concat(grace.next().stream(), awaited.next().stream()).min();
  }

  /** The services whose last instances are kept, with the time until when. */
  SortedMap<ServiceId, Long> held() {
    return grace.held();
  }
}
