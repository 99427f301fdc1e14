package dev.sluice.server.app;

import dev.sluice.server.transport.Refusal;
import dev.sluice.server.transport.TransportMetrics;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The meters of the xDS port. Those of TLS are there once files were loaded. */
final class TransportMeters implements TransportMetrics {
  private final MeterRegistry registry;
  private final Map<Refusal, Counter> refusals = new EnumMap<>(Refusal.class);
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger failing = new AtomicInteger();
  private final AtomicLong expires = new AtomicLong();

  TransportMeters(MeterRegistry registry) {
    this.registry = registry;
    Gauge.builder("sluice.xds.connections", connections, AtomicInteger::get)
        .description("Connections that are open")
        .register(registry);
    for (Refusal reason : Refusal.values()) {
      refusals.put(
          reason,
          Counter.builder("sluice.xds.refusals")
              .description("Streams and connections that were refused")
              .tag("reason", reason.toString())
              .register(registry));
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
    expires.set(until.getEpochSecond());
    failing.set(0);
    Gauge.builder("sluice.xds.tls.failing", failing, AtomicInteger::get)
        .description("1 while the TLS files cannot be used and those before are")
        .register(registry);
    Gauge.builder("sluice.xds.tls.expiry.seconds", expires, AtomicLong::get)
        .description("When the server's certificate expires, in seconds since 1970")
        .register(registry);
  }

  @Override
  public void tlsFailed() {
    failing.set(1);
  }
}
