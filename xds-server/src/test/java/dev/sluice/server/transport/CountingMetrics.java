package dev.sluice.server.transport;

import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** What the transport tells, kept for a test to look at. */
public final class CountingMetrics implements TransportMetrics {
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger loads = new AtomicInteger();
  private final AtomicInteger failures = new AtomicInteger();
  private final AtomicReference<Map<Refusal, Integer>> refusals = new AtomicReference<>(Map.of());

  @Override
  public void connected() {
    connections.incrementAndGet();
  }

  @Override
  public void disconnected() {
    connections.decrementAndGet();
  }

  @Override
  public void refused(Refusal reason) {
    refusals.updateAndGet(
        before -> {
          Map<Refusal, Integer> after = new EnumMap<>(Refusal.class);
          after.putAll(before);
          after.merge(reason, 1, Integer::sum);
          return after;
        });
  }

  @Override
  public void tlsLoaded(Instant expires) {
    loads.incrementAndGet();
  }

  @Override
  public void tlsFailed() {
    failures.incrementAndGet();
  }

  public int connections() {
    return connections.get();
  }

  public int loads() {
    return loads.get();
  }

  public int failures() {
    return failures.get();
  }

  /** Every reason for which something was refused, and how often. */
  public Map<Refusal, Integer> refusals() {
    return refusals.get();
  }
}
