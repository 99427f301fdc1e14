package dev.sluice.server.traces;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.node.NodeGroup;
import dev.sluice.server.admin.FakeViews;
import dev.sluice.server.catalog.Change;
import dev.sluice.server.pipeline.Published;
import dev.sluice.server.snapshot.ResourceType;
import dev.sluice.server.snapshot.Revision;
import dev.sluice.server.traces.Traces.Outcome;
import dev.sluice.server.xds.XdsMetrics.Answer;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.time.Instant;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ChangeTracesTest {
  private static final Instant NOON = FakeViews.NOON;
  private static final NodeGroup GATEWAY = FakeViews.gateway();
  private static final NodeGroup OTHER =
      new NodeGroup(
          GATEWAY.role(),
          GATEWAY.service(),
          GATEWAY.dependencies(),
          GATEWAY.labels(),
          GATEWAY.locality(),
          GATEWAY.outboundPort() + 1,
          GATEWAY.inbound());

  private final Kept kept = new Kept();
  private final SdkTracerProvider provider =
      SdkTracerProvider.builder().addSpanProcessor(SimpleSpanProcessor.create(kept)).build();
  private Instant now = NOON;
  private final ChangeTraces traces = new ChangeTraces(provider.get("a test"), () -> now);

  /** Keeps what has ended. */
  private static final class Kept implements SpanExporter {
    final List<SpanData> spans = new CopyOnWriteArrayList<>();

    @Override
    public CompletableResultCode export(Collection<SpanData> more) {
      spans.addAll(more);
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }

  @AfterEach
  void close() {
    traces.close();
    provider.close();
  }

  private void publish(long id, NodeGroup group, ResourceType type) {
    Revision.Counts counts = new Revision.Counts(1, 0, List.of("a"));
    Revision revision =
        new Revision(
            id,
            "a test",
            List.of(),
            now,
            Map.of(group, new Revision.Summary(Map.of(type, counts))));
    Change.Causes causes =
        new Change.Causes(Collections.emptySortedSet(), Collections.emptySortedSet(), now);
    traces.published(new Published(revision, causes, now, now, now, now));
  }

  private void acknowledged(NodeGroup group, String proxy, ResourceType type) {
    traces.answered(group, proxy, type, Answer.ACK, 0);
  }

  private List<Long> pushed() {
    return kept.spans.stream()
        .filter(span -> span.getName().equals("push"))
        .map(span -> span.getAttributes().get(AttributeKey.longKey("sluice.revision")))
        .toList();
  }

  private SpanData change(long id) {
    return kept.spans.stream()
        .filter(span -> span.getName().equals("change"))
        .filter(
            span ->
                Long.valueOf(id)
                    .equals(span.getAttributes().get(AttributeKey.longKey("sluice.revision"))))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void anAnswerIsOfWhatItsGroupAndTypeHaveOpen() {
    publish(1, GATEWAY, ResourceType.CLUSTER);
    publish(2, OTHER, ResourceType.CLUSTER);
    publish(3, GATEWAY, ResourceType.LISTENER);
    publish(4, GATEWAY, ResourceType.CLUSTER);
    publish(5, GATEWAY, ResourceType.CLUSTER);
    traces.ended(4, Outcome.ACKNOWLEDGED);

    acknowledged(GATEWAY, "web-1", ResourceType.CLUSTER);
    acknowledged(GATEWAY, "web-1", ResourceType.CLUSTER);

    assertThat(pushed()).containsExactly(5L, 1L);
  }

  @Test
  void whatIsTooManyIsCountedForTheNewestAlone() {
    publish(1, GATEWAY, ResourceType.CLUSTER);
    publish(2, GATEWAY, ResourceType.CLUSTER);
    for (int proxy = 0; proxy < 205; proxy++) {
      acknowledged(GATEWAY, "web-" + proxy, ResourceType.CLUSTER);
    }
    traces.ended(1, Outcome.ACKNOWLEDGED);
    traces.ended(2, Outcome.ACKNOWLEDGED);

    AttributeKey<Long> leftOut = AttributeKey.longKey("sluice.pushes_left_out");
    assertThat(pushed()).hasSize(400);
    assertThat(change(1).getAttributes().get(leftOut)).isNull();
    assertThat(change(2).getAttributes().get(leftOut)).isEqualTo(5);
  }

  @Test
  void beyondAHundredTheOldestIsGivenUp() {
    for (int id = 1; id <= 101; id++) {
      publish(id, GATEWAY, ResourceType.CLUSTER);
    }
    now = now.plusSeconds(1);
    acknowledged(GATEWAY, "web-1", ResourceType.CLUSTER);

    assertThat(change(1).getStatus().getDescription())
        .isEqualTo("not every proxy has acknowledged it");
    assertThat(pushed()).hasSize(100).doesNotContain(1L);
  }
}
