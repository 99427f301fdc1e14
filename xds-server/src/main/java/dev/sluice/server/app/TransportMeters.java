package dev.sluice.server.app;

import dev.sluice.server.meters.Meter;
import dev.sluice.server.transport.Refusal;
import dev.sluice.server.transport.TransportMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;

/** The meters of the xDS port. */
final class TransportMeters implements TransportMetrics {
  private final Map<Refusal, Counter> refusals = new EnumMap<>(Refusal.class);
  private final AtomicInteger connections = new AtomicInteger();
  private final TlsMeters tls;

  TransportMeters(MeterRegistry registry) {
    tls = new TlsMeters(registry, "xds");
    Meter.XDS_CONNECTIONS.gauge(registry, connections::get);
    for (Refusal reason : Refusal.values()) {
      refusals.put(reason, Meter.XDS_REFUSALS.counter(registry, reason.toString()));
    }
  }

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
    Objects.requireNonNull(refusals.get(reason)).increment();
  }

  @Override
  public void tlsLoaded(Instant until) {
    tls.tlsLoaded(until);
  }

  @Override
  public void tlsFailed() {
    tls.tlsFailed();
  }
}
