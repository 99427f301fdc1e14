package dev.sluice.spec;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code Gateway.spec.tracing} ({@code envoy.config.trace.v3.OpenTelemetryConfig}).
 *
 * @param otlp an OpenTelemetry collector that takes spans over gRPC
 * @param samplePercent of the requests that come without a decision of their own; null for 1
 */
public record Tracing(@Required ServicePortRef otlp, @Nullable Percent samplePercent) {
  public Tracing {
    Objects.requireNonNull(otlp);
  }
}
