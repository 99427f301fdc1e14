package dev.sluice.translate;

import com.google.protobuf.Any;
import dev.sluice.translate.EdgeSettings.Spans;
import io.envoyproxy.envoy.config.trace.v3.OpenTelemetryConfig;
import io.envoyproxy.envoy.config.trace.v3.Tracing.Http;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager.Tracing;
import io.envoyproxy.envoy.type.v3.Percent;
import java.time.Duration;

/** Spans of requests ({@code HttpConnectionManager.tracing}), as OpenTelemetry has them. */
final class Tracings {
  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);

  private Tracings() {}

  /** The spans of {@code gateway}, {@code name.namespace}. */
  static Tracing of(Spans spans, String gateway) {
    OpenTelemetryConfig config =
        OpenTelemetryConfig.newBuilder()
            .setServiceName(gateway)
            .setGrpcService(Protos.grpc(spans.cluster(), CALL_TIMEOUT))
            .build();
    return Tracing.newBuilder()
        .setRandomSampling(Percent.newBuilder().setValue(spans.sampled().value()))
        .setProvider(
            Http.newBuilder()
                .setName("envoy.tracers.opentelemetry")
                .setTypedConfig(Any.pack(config)))
        .build();
  }
}
