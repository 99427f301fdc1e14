package dev.sluice.server.app;

import dev.sluice.server.transport.TransportMetrics;
import io.micrometer.core.instrument.Gauge;
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

  /** Meters that are named {@code sluice.PORT.tls}. */
  TlsMeters(MeterRegistry registry, String port) {
    this.registry = registry;
    this.port = port;
  }

  @Override
  public void tlsLoaded(Instant until) {
    expires.set(until.getEpochSecond());
    failing.set(0);
    Gauge.builder("sluice." + port + ".tls.failing", failing, AtomicInteger::get)
        .description("1 while the TLS files cannot be used and those before are")
        .register(registry);
    Gauge.builder("sluice." + port + ".tls.expiry.seconds", expires, AtomicLong::get)
        .description("When the server's certificate expires, in seconds since 1970")
        .register(registry);
  }

  @Override
  public void tlsFailed() {
    failing.set(1);
  }
}
