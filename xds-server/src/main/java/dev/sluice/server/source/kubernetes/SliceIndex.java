package dev.sluice.server.source.kubernetes;

import dev.sluice.catalog.ServiceId;
import dev.sluice.server.source.kubernetes.SliceFacts.Instance;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Which slices a service has, and which services a pod or a node is of; of the source's thread. */
final class SliceIndex {
  /** The slices of an object, by its key: one for an EndpointSlice. */
  private final Map<String, List<SliceFacts>> slices = new HashMap<>();

  private final Map<ServiceId, Set<String>> ofService = new HashMap<>();
  private final Map<String, Set<ServiceId>> ofPod = new HashMap<>();

  /**
   * From now on the object has these slices.
   *
   * @param key {@code namespace/name} of an EndpointSlice or Endpoints object
   * @param now null where the object is gone
   * @return the services that it concerned before, and does now
   */
  Set<ServiceId> put(String key, @Nullable List<SliceFacts> now) {
    String namespace = key.substring(0, key.indexOf('/'));
    Set<ServiceId> concerned = new HashSet<>();
    List<SliceFacts> before = now == null ? slices.remove(key) : slices.put(key, now);
    for (SliceFacts slice : Objects.requireNonNullElse(before, List.<SliceFacts>of())) {
      ServiceId id = new ServiceId(slice.service(), namespace);
      concerned.add(id);
      remove(ofService, id, key);
      pods(namespace, slice).forEach(pod -> remove(ofPod, pod, id));
    }
    for (SliceFacts slice : Objects.requireNonNullElse(now, List.<SliceFacts>of())) {
      ServiceId id = new ServiceId(slice.service(), namespace);
      concerned.add(id);
      ofService.computeIfAbsent(id, _ -> new HashSet<>(2)).add(key);
    }
    // Of all slices of the services, since a pod may be in several of them.
    for (ServiceId id : concerned) {
      of(id).stream()
          .flatMap(slice -> pods(namespace, slice))
          .forEach(pod -> ofPod.computeIfAbsent(pod, _ -> new HashSet<>(2)).add(id));
    }
    return concerned;
  }

  /** The slices of a service. */
  Collection<SliceFacts> of(ServiceId id) {
    return ofService.getOrDefault(id, Set.of()).stream()
        .sorted()
        .flatMap(key -> slices.getOrDefault(key, List.of()).stream())
        .toList();
  }

  /** The keys of all objects that have slices. */
  Set<String> keys() {
    return Set.copyOf(slices.keySet());
  }

  /** Whether the service has several slices, between which its instances may move. */
  boolean hasSeveral(ServiceId id) {
    return ofService.getOrDefault(id, Set.of()).size() > 1;
  }

  /** The services of a pod. */
  Set<ServiceId> ofPod(String key) {
    return ofPod.getOrDefault(key, Set.of());
  }

  /** The services that have instances on a node. */
  Set<ServiceId> ofNode(String node) {
    Set<ServiceId> services = new HashSet<>();
    slices.forEach(
        (key, all) -> {
          for (SliceFacts slice : all) {
            if (slice.instances().stream().anyMatch(one -> node.equals(one.node()))) {
              services.add(new ServiceId(slice.service(), key.substring(0, key.indexOf('/'))));
            }
          }
        });
    return services;
  }

  private static Stream<String> pods(String namespace, SliceFacts slice) {
    return slice.instances().stream()
        .map(Instance::pod)
        .filter(Objects::nonNull)
        .map(pod -> namespace + "/" + pod);
  }

  private static <K, V> void remove(Map<K, Set<V>> map, K key, V value) {
    map.computeIfPresent(
        key,
        (_, all) -> {
          all.remove(value);
          return all.isEmpty() ? null : all;
        });
  }
}
