package dev.sluice.server.source.kubernetes;

import dev.sluice.catalog.Endpoint;
import dev.sluice.catalog.Health;
import dev.sluice.catalog.Service;
import dev.sluice.catalog.ServiceId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * Keeps instances a little longer where their going is not certain; of the source's thread.
 *
 * <p>A service that had ready instances and of which a new list shows none keeps them all for long:
 * an API server that comes back half-restored says the same. And an instance that is healthy and
 * gone from a service of several slices stays for a moment: the controller moves it between slices
 * by two writes.
 *
 * <p>Times are those of {@link System#nanoTime}.
 */
final class Grace {
  private static final Duration MOVING = Duration.ofMillis(200);

  private final Duration holdEmpty;
  private final Map<ServiceId, Held> held = new HashMap<>();
  private final Map<ServiceId, Map<Endpoint, Long>> moving = new HashMap<>();

  private record Held(Service service, long until) {}

  private record Place(String address, SortedMap<String, Integer> ports) {
    static Place of(Endpoint endpoint) {
      return new Place(endpoint.address(), endpoint.ports());
    }
  }

  /**
   * What is known of a service.
   *
   * @param told as it was told; null where it was not
   * @param now as the API server has it; null where it has it not
   * @param doubtful whether it changed by what a new list lacks
   * @param severalSlices whether instances may be on their way from one slice to another
   */
  record Seen(
      @Nullable Service told, @Nullable Service now, boolean doubtful, boolean severalSlices) {}

  /**
   * Keeps what goes by doubtful news.
   *
   * @param holdEmpty for how long; zero not to
   */
  Grace(Duration holdEmpty) {
    this.holdEmpty = holdEmpty;
  }

  /** What to tell of the service; empty where it is gone. */
  Optional<Service> tell(ServiceId id, Seen seen, long at) {
    Optional<Service> now = Optional.ofNullable(seen.now());
    boolean empty = now.map(it -> !hasReady(it) && it.host().isEmpty()).orElse(true);
    Service told = seen.told();
    if (told != null && hasReady(told) && empty && seen.doubtful() && holdEmpty.isPositive()) {
      held.putIfAbsent(id, new Held(told, at + holdEmpty.toNanos()));
    }
    Held kept = held.get(id);
    if (kept != null && empty && at - kept.until() < 0) {
      moving.remove(id);
      return Optional.of(kept.service());
    }
    held.remove(id);
    if (now.isEmpty()) {
      moving.remove(id);
    }
    return now.map(it -> withMoving(id, it, kept == null ? seen : withoutTold(seen), at));
  }

  /** Once it was held it is known to be gone, and not to be moving. */
  private static Seen withoutTold(Seen seen) {
    return new Seen(null, seen.now(), seen.doubtful(), seen.severalSlices());
  }

  /** The API server has told of the service itself, so nothing is doubtful any more. */
  void certain(ServiceId id) {
    held.remove(id);
  }

  /** The services that are held, by the time until when. */
  SortedMap<ServiceId, Long> held() {
    SortedMap<ServiceId, Long> until = new TreeMap<>();
    held.forEach((id, one) -> until.put(id, one.until()));
    return until;
  }

  /** The services whose time is over. */
  Set<ServiceId> due(long at) {
    Set<ServiceId> due = new HashSet<>();
    held.forEach(
        (id, one) -> {
          if (at - one.until() >= 0) {
            due.add(id);
          }
        });
    moving.forEach(
        (id, all) -> {
          if (all.values().stream().anyMatch(until -> at - until >= 0)) {
            due.add(id);
          }
        });
    return due;
  }

  /** When the next is due. */
  OptionalLong next() {
    return LongStream.concat(
            held.values().stream().mapToLong(Held::until),
            moving.values().stream()
                .flatMap(all -> all.values().stream())
                .mapToLong(Long::longValue))
        .min();
  }

  private Service withMoving(ServiceId id, Service now, Seen seen, long at) {
    Map<Endpoint, Long> before = moving.getOrDefault(id, Map.of());
    Map<Endpoint, Long> leaving = new HashMap<>();
    Service told = seen.told();
    if (told != null && !seen.doubtful() && (seen.severalSlices() || !before.isEmpty())) {
      Set<Place> there = new HashSet<>();
      now.endpoints().forEach(one -> there.add(Place.of(one)));
      for (Endpoint one : told.endpoints()) {
        long until = before.getOrDefault(one, at + MOVING.toNanos());
        if (one.health() == Health.HEALTHY && !there.contains(Place.of(one)) && at - until < 0) {
          leaving.put(one, until);
        }
      }
    }
    if (leaving.isEmpty()) {
      moving.remove(id);
      return now;
    }
    moving.put(id, leaving);
    List<Endpoint> all = new ArrayList<>(now.endpoints());
    all.addAll(leaving.keySet());
    return new Service(now.id(), now.ports(), all, now.host());
  }

  private static boolean hasReady(Service service) {
    return service.endpoints().stream().anyMatch(one -> one.health() == Health.HEALTHY);
  }
}
