package dev.sluice.server.rollout;

import dev.sluice.catalog.SourceName;
import dev.sluice.source.SourceEntry;
import dev.sluice.source.SourceEntry.OfDocument;
import dev.sluice.source.SourceSink;
import dev.sluice.source.SourceStatus;
import dev.sluice.source.SourceStatus.State;
import dev.sluice.source.SourceUpdate;
import dev.sluice.source.SourceUpdate.Remove;
import dev.sluice.source.SourceUpdate.Replace;
import dev.sluice.source.SourceUpdate.Synced;
import dev.sluice.source.SourceUpdate.Upsert;
import dev.sluice.spec.TrafficPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Holds back what a source tells at its start until it is known how the rollouts of its policies
 * stand: else proxies would get the shares of their beginning for a moment. A source that tells of
 * no rollout is not held back. Any thread may tell.
 */
public final class KeptFirst implements SourceSink {
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final Duration TOLD_AFTER = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(KeptFirst.class);

  private final SourceSink next;
  private final Rollouts rollouts;
  private final ScheduledExecutorService timer;
  private final Map<SourceName, Gate> gates = new HashMap<>();

  /** What a source has told before it was let through. */
  private static final class Gate {
    final SourceName source;
    final RolloutStore store;
    final List<SourceUpdate> held = new ArrayList<>();
    Optional<SourceStatus> status = Optional.empty();
    long since;
    boolean isTold;

    Gate(SourceName source, RolloutStore store) {
      this.source = source;
      this.store = store;
    }
  }

  /**
   * A sink in front of another.
   *
   * @param stores of the sources that have one beside their documents
   * @param timer looks again
   */
  public KeptFirst(
      SourceSink next,
      Rollouts rollouts,
      Map<SourceName, RolloutStore> stores,
      ScheduledExecutorService timer) {
    this.next = next;
    this.rollouts = rollouts;
    this.timer = timer;
    stores.forEach((source, store) -> gates.put(source, new Gate(source, store)));
  }

  @Override
  public synchronized void accept(SourceName source, List<SourceUpdate> updates) {
    Gate gate = gates.get(source);
    if (gate == null) {
      next.accept(source, updates);
      return;
    }
    boolean begins = gate.held.isEmpty();
    gate.held.addAll(updates);
    if (!letGo(gate) && begins) {
      gate.since = System.nanoTime();
      again(gate);
    }
  }

  private void again(Gate gate) {
    var _ = timer.schedule(() -> look(gate), LOOK.toMillis(), TimeUnit.MILLISECONDS);
  }

  private synchronized void look(Gate gate) {
    if (letGo(gate)) {
      return;
    }
    if (!gate.isTold && System.nanoTime() - gate.since > TOLD_AFTER.toNanos()) {
      gate.isTold = true;
      LOG.warn("{} is not told to proxies yet: {}", gate.source, why(gate));
      gate.status.ifPresent(this::status);
    }
    again(gate);
  }

  private static String why(Gate gate) {
    return "it is not known how its rollouts stand, by %s: %s"
        .formatted(gate.store, gate.store.trouble().orElse("it has not been read yet"));
  }

  private boolean letGo(Gate gate) {
    boolean isKnown = gate.store.known().isPresent();
    boolean isSynced = gate.held.stream().anyMatch(Synced.class::isInstance);
    if (!isKnown && gate.held.stream().anyMatch(KeptFirst::hasRollout)) {
      return false;
    }
    if (isKnown) {
      rollouts.resume(gate.store);
    }
    next.accept(gate.source, List.copyOf(gate.held));
    gate.held.clear();
    if (isSynced || isKnown) {
      gates.remove(gate.source);
      gate.status.ifPresent(next::status);
    }
    return true;
  }

  private static boolean hasRollout(SourceUpdate update) {
    return switch (update) {
      case Replace(var entries) -> entries.stream().anyMatch(KeptFirst::hasRollout);
      case Upsert(var entry) -> hasRollout(entry);
      case Remove _, Synced _ -> false;
    };
  }

  private static boolean hasRollout(SourceEntry entry) {
    return entry instanceof OfDocument(TrafficPolicy policy) && policy.spec().rollout() != null;
  }

  /** While it is held back a source has not synced. */
  @Override
  public synchronized void status(SourceStatus status) {
    Gate gate = gates.get(status.source());
    if (gate == null) {
      next.status(status);
      return;
    }
    gate.status = Optional.of(status);
    next.status(
        gate.held.isEmpty()
            ? status
            : new SourceStatus(
                status.source(), State.STARTING, status.since(), why(gate), status.problems()));
  }
}
