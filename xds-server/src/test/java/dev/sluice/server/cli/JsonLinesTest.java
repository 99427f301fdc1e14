package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class JsonLinesTest {
  @Test
  void aLineIsTheFormattedMessageWithItsTimeAndNothingOfTheContext() throws Exception {
    LoggerContext context = new LoggerContext();
    LoggingEvent event =
        new LoggingEvent(
            "",
            context.getLogger("dev.sluice.Some"),
            Level.WARN,
            "{} \"refused\" {}",
            new IllegalStateException("because"),
            new Object[] {"web-1", 2});
    event.setThreadName("main");
    event.setInstant(Instant.parse("2026-01-02T03:04:05.678Z"));

    JsonNode line = new ObjectMapper().readTree(new JsonLines().encode(event));

    assertThat(line.properties())
        .extracting(Map.Entry::getKey)
        .containsExactlyInAnyOrder(
            "timestamp", "level", "threadName", "loggerName", "formattedMessage", "throwable");
    assertThat(line.path("timestamp").asText()).isEqualTo("2026-01-02T03:04:05.678Z");
    assertThat(line.path("formattedMessage").asText()).isEqualTo("web-1 \"refused\" 2");
    assertThat(line.path("throwable").path("message").asText()).isEqualTo("because");
  }

  @Test
  void thePartsOfALineAreThereForWhoLooksForThem() throws Exception {
    LoggerContext context = new LoggerContext();
    LoggingEvent event =
        new LoggingEvent("", context.getLogger("audit"), Level.INFO, "it is done", null, null);
    event.addKeyValuePair(new KeyValuePair("who", "ops"));
    event.addKeyValuePair(new KeyValuePair("status", 200));

    JsonNode line = new ObjectMapper().readTree(new JsonLines().encode(event));

    assertThat(line.path("kvpList").toString())
        .isEqualTo("[{\"who\":\"ops\"},{\"status\":\"200\"}]");
  }
}
