package dev.sluice.server.app;

import dev.sluice.server.meters.Meter;
import dev.sluice.server.transport.TransportMetrics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/** The meters of a port's certificate; they are there once its files were loaded. */
final class TlsMeters implements TransportMetrics {
  private final MeterRegistry registry;
  private final String port;
  private final AtomicInteger failing = new AtomicInteger();
  private final AtomicLong expires = new AtomicLong();

  TlsMeters(MeterRegistry registry, String port) {
    this.registry = registry;
    this.port = port;
  }

  @Override
  public void tlsLoaded(Instant until) {
    expires.set(until.getEpochSecond());
    failing.set(0);
    Meter.TLS_FAILING.gauge(registry, failing::get, port);
    Meter.TLS_EXPIRY.gauge(registry, expires::get, port);
  }

  @Override
  public void tlsFailed() {
    failing.set(1);
  }
}
