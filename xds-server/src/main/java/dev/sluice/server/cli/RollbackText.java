package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** The earlier revision whose policies hold ({@code /v1/rollback}), for people. */
final class RollbackText {
  /** Where the pin alone is told, and no proxy. */
  static final String PIN = "/v1/rollback?proxies=false";

  private static final int MOST_HELD = 20;

  private RollbackText() {}

  /** What is pinned, and what it holds back. */
  static List<String> standing(JsonNode answer) {
    if (!answer.has("rollback")) {
      return List.of("Nothing is rolled back.");
    }
    List<String> lines = new ArrayList<>();
    lines.add(line(answer.path("rollback")));
    for (JsonNode one : answer.path("held")) {
      if (lines.size() > MOST_HELD) {
        lines.add("  and %d more".formatted(answer.path("held").size() - MOST_HELD));
        break;
      }
      lines.add("  " + held(one));
    }
    return lines;
  }

  /** What is pinned, in one line. */
  static String line(JsonNode pin) {
    List<String> services = new ArrayList<>();
    pin.path("services").forEach(one -> services.add(one.asText()));
    String of = services.isEmpty() ? "" : " for " + String.join(", ", services);
    String why = pin.has("reason") ? ": " + pin.path("reason").asText() : "";
    return Printable.text(
        "rolled back%s to revision %s until %s by %s%s"
            .formatted(
                of,
                pin.path("revision").asText(),
                pin.path("until").asText(),
                pin.path("by").asText(),
                why));
  }

  private static String held(JsonNode one) {
    String what =
        switch (one.path("what").asText()) {
          case "new" -> "is new and not in force";
          case "deleted" -> "is gone and still in force";
          default -> "was edited and holds as it was";
        };
    return Printable.text(
        "%s %s (%s)".formatted(one.path("document").asText(), what, one.path("place").asText()));
  }
}
