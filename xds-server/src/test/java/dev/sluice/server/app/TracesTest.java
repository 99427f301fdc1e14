package dev.sluice.server.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.trace.v1.Span;
import io.opentelemetry.proto.trace.v1.Status;
import io.opentelemetry.proto.trace.v1.TracesData;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** A change's way through a real server to a proxy, as a collector and the log have it. */
class TracesTest {
  @TempDir private Path folder;
  private final List<Span> spans = new CopyOnWriteArrayList<>();
  private final List<String> services = new CopyOnWriteArrayList<>();
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private HttpServer collector;

  @BeforeEach
  void startCollector() throws IOException {
    collector = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    collector.createContext(
        "/v1/traces",
        exchange -> {
          TracesData data = TracesData.parseFrom(exchange.getRequestBody());
          data.getResourceSpansList()
              .forEach(
                  of -> {
                    services.add(
                        attributes(of.getResource().getAttributesList()).get("service.name"));
                    of.getScopeSpansList().forEach(scope -> spans.addAll(scope.getSpansList()));
                  });
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    collector.start();
    lines.start();
    log().addAppender(lines);
  }

  private static Logger log() {
    return (Logger) LoggerFactory.getLogger(RevisionProgress.class);
  }

  @AfterEach
  void stop() {
    log().detachAppender(lines);
    collector.stop(0);
  }

  @Test
  void aChangeIsOneTraceFromItsSourceToTheAcknowledgement() throws Exception {
    URI endpoint = URI.create("http://127.0.0.1:" + collector.getAddress().getPort());
    try (MeasuredServer server =
        MeasuredServer.start(folder, settings -> settings.withTraces(endpoint))) {
      server.connectAProxyThatAcceptsAll();
      Path orders = folder.resolve("documents").resolve("orders.yaml");
      Files.writeString(
          orders.resolveSibling("stock.yaml"),
          Files.readString(orders).replace("name: orders", "name: stock"));

      await().until(() -> changes().stream().anyMatch(change -> children(change).size() == 5));

      Span change =
          changes().stream().filter(one -> children(one).size() == 5).findFirst().orElseThrow();
      Map<String, Span> stages =
          children(change).stream().collect(Collectors.toMap(Span::getName, one -> one));
      assertThat(stages).containsOnlyKeys("catalog", "attach", "translate", "snapshot", "push");
      Map<String, String> of = attributes(change.getAttributesList());
      assertThat(of.get("sluice.cause")).contains("service stock.shop");
      assertThat(of.get("sluice.sources")).isEqualTo("[file/files]");
      assertThat(stages.values())
          .allSatisfy(
              stage ->
                  assertThat(attributes(stage.getAttributesList()).get("sluice.revision"))
                      .isEqualTo(of.get("sluice.revision")));
      assertThat(
              List.of(
                  change.getStartTimeUnixNano(),
                  begin(stages, "catalog"),
                  begin(stages, "attach"),
                  begin(stages, "translate"),
                  begin(stages, "snapshot"),
                  change.getEndTimeUnixNano()))
          .isSorted();
      Span push = Objects.requireNonNull(stages.get("push"));
      assertThat(attributes(push.getAttributesList()))
          .containsEntry("sluice.proxy", "web-1")
          .containsEntry("sluice.type", "CDS");
      assertThat(push.getEndTimeUnixNano()).isEqualTo(change.getEndTimeUnixNano());
      assertThat(change.getStatus().getCode()).isEqualTo(Status.StatusCode.STATUS_CODE_UNSET);
      assertThat(services).containsOnly("sluice");
      await()
          .until(
              () ->
                  lines.list.stream()
                      .map(ILoggingEvent::getFormattedMessage)
                      .anyMatch(
                          line ->
                              line.startsWith(
                                  "revision "
                                      + of.get("sluice.revision")
                                      + ": acknowledged by all 1 proxies within ")));
    }
  }

  private List<Span> changes() {
    return spans.stream().filter(span -> span.getName().equals("change")).toList();
  }

  private List<Span> children(Span of) {
    return spans.stream().filter(one -> one.getParentSpanId().equals(of.getSpanId())).toList();
  }

  private static long begin(Map<String, Span> stages, String name) {
    return Objects.requireNonNull(stages.get(name)).getStartTimeUnixNano();
  }

  private static Map<String, String> attributes(List<KeyValue> attributes) {
    return attributes.stream()
        .collect(
            Collectors.toMap(
                KeyValue::getKey,
                one ->
                    one.getValue().hasIntValue()
                        ? String.valueOf(one.getValue().getIntValue())
                        : one.getValue().getStringValue()));
  }
}
