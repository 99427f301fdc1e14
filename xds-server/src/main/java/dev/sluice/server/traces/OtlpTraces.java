package dev.sluice.server.traces;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.pipeline.Published;
import dev.sluice.server.snapshot.ResourceType;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** Sends traces by OTLP over HTTP, in the background; what cannot be sent is dropped. */
public final class OtlpTraces implements Traces {
  private static final Duration DELAY = Duration.ofSeconds(1);
  private static final Duration REQUEST = Duration.ofSeconds(5);
  private static final long STOP_SECONDS = 3;

  private final SdkTracerProvider provider;
  private final ChangeTraces traces;

  /**
   * Traces that are sent there.
   *
   * @param endpoint of a collector, such as {@code http://127.0.0.1:4318}; without a path it is
   *     {@code /v1/traces}
   * @param version of the product
   */
  public OtlpTraces(URI endpoint, String version, InstantSource clock) {
    String path = endpoint.getPath() == null ? "" : endpoint.getPath();
    URI there = path.isEmpty() || path.equals("/") ? endpoint.resolve("/v1/traces") : endpoint;
    Attributes attributes =
        Attributes.of(
            AttributeKey.stringKey("service.name"),
            "sluice",
            AttributeKey.stringKey("service.version"),
            version);
    provider =
        SdkTracerProvider.builder()
            .setResource(Resource.getDefault().merge(Resource.create(attributes)))
            .addSpanProcessor(
                BatchSpanProcessor.builder(
                        OtlpHttpSpanExporter.builder()
                            .setEndpoint(there.toString())
                            .setTimeout(REQUEST)
                            .build())
                    .setScheduleDelay(DELAY)
                    .build())
            .build();
    traces = new ChangeTraces(provider.get("dev.sluice"), clock);
  }

  @Override
  public void published(Published published) {
    traces.published(published);
  }

  @Override
  public void answered(
      NodeGroup group, String proxy, ResourceType type, Answer answer, long nanos) {
    traces.answered(group, proxy, type, answer, nanos);
  }

  @Override
  public void ended(long revision, Outcome outcome) {
    traces.ended(revision, outcome);
  }

  @Override
  public void close() {
    traces.close();
    var _ = provider.shutdown().join(STOP_SECONDS, TimeUnit.SECONDS);
  }
}
