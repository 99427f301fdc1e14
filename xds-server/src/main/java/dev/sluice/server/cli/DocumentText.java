package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** What became of a document, in words. */
final class DocumentText {
  private DocumentText() {}

  /** The document as messages call it: {@code TrafficPolicy shop/orders}. */
  static String key(JsonNode document) {
    return "%s %s/%s"
        .formatted(
            document.path("kind").asText(),
            document.path("namespace").asText(),
            document.path("name").asText());
  }

  /** In a word: why it is not, or not wholly, in force, or that it is. */
  static String state(JsonNode document) {
    return document.path("reason").asText("Accepted");
  }

  /** What is wrong with it, after an empty line; nothing where nothing is. */
  static List<String> notes(JsonNode document) {
    List<String> notes = new ArrayList<>(problems(document));
    if (!notes.isEmpty()) {
      notes.addFirst(key(document) + ":");
      notes.addFirst("");
    }
    return notes;
  }

  /** One thing that is wrong with it. */
  static String problem(JsonNode problem) {
    return Printable.text(
        "  %s:%s:%s %s: %s"
            .formatted(
                problem.path("file").asText(),
                problem.path("line").asText(),
                problem.path("column").asText(),
                problem.path("path").asText(),
                problem.path("message").asText()));
  }

  /** What is wrong with it, a line each. */
  static List<String> problems(JsonNode document) {
    List<String> lines = new ArrayList<>();
    for (JsonNode problem : document.path("problems")) {
      lines.add(problem(problem));
    }
    for (JsonNode one : document.path("quarantine")) {
      lines.add(
          Printable.text(
              "  %s refused %s %s: %s"
                  .formatted(
                      one.path("proxy").asText(),
                      one.path("type").asText(),
                      one.path("name").asText(),
                      one.path("message").asText())));
    }
    boolean known = document.has("inForce");
    if (known && !document.path("inForce").asBoolean() && lines.isEmpty()) {
      lines.add("  it is not in force: it has ended, or an edition before it still holds");
    }
    return lines;
  }
}
