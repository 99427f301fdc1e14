package dev.sluice.server.source.kubernetes;

import dev.sluice.catalog.ServiceId;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Has a service stay as it was told until the pods of its new instances are known; of the source's
 * thread. Slices and pods come by watches of their own: an instance whose pod is not yet known has
 * no labels and so is of no version, while those that it replaces may be gone by the same slice.
 *
 * <p>It waits for a moment only, or a pod that is not there would keep an instance that became
 * unready in use. While pods are listed anew it waits longer, since slices may be done much
 * earlier.
 *
 * <p>Times are those of {@link System#nanoTime}.
 */
final class AwaitedPods {
  private static final Duration LATE = Duration.ofMillis(300);
  private static final Duration NOT_LIVE = Duration.ofSeconds(10);

  private final Map<ServiceId, Waiting> waiting = new HashMap<>();
  private boolean live;

  private record Waiting(long since, boolean doubtful) {}

  /** Notes whether pods come in as they change. */
  void live(boolean now) {
    live = now;
  }

  /**
   * Whether the service has to wait.
   *
   * @param unknown whether it has a new instance whose pod is not known
   * @param doubtful whether it changed by what a new list lacks; remembered while it waits
   */
  boolean waits(ServiceId id, boolean unknown, boolean doubtful, long at) {
    Waiting before = waiting.get(id);
    long since = before == null ? at : before.since();
    if (!unknown || at - since >= patience()) {
      waiting.remove(id);
      return false;
    }
    waiting.put(id, new Waiting(since, doubtful || wasDoubtful(id)));
    return true;
  }

  /** Whether what a service waits with was doubtful. */
  boolean wasDoubtful(ServiceId id) {
    Waiting before = waiting.get(id);
    return before != null && before.doubtful();
  }

  /** The API server has told of the service itself, so nothing is doubtful any more. */
  void certain(ServiceId id) {
    waiting.computeIfPresent(id, (_, before) -> new Waiting(before.since(), false));
  }

  /** The services that have waited long enough. */
  Set<ServiceId> due(long at) {
    Set<ServiceId> due = new HashSet<>();
    waiting.forEach(
        (id, one) -> {
          if (at - one.since() >= patience()) {
            due.add(id);
          }
        });
    return due;
  }

  /** When the next has waited long enough. */
  OptionalLong next() {
    return waiting.values().stream().mapToLong(one -> one.since() + patience()).min();
  }

  private long patience() {
    return (live ? LATE : NOT_LIVE).toNanos();
  }
}
