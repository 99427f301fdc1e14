package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.server.demo.Ink;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Rollouts as lines for people. */
final class RolloutText {
  private RolloutText() {}

  /** A line each. */
  static List<String> table(JsonNode rollouts, Ink ink, Instant now) {
    TextTable table =
        new TextTable("NAMESPACE", "NAME", "KIND", "STATE", "SHARES", "PROXIES", "LEFT");
    for (JsonNode one : rollouts) {
      table.row(
          one.path("namespace").asText(),
          one.path("name").asText(),
          one.path("kind").asText(),
          state(one, ink),
          shares(one),
          proxies(one),
          left(one, now));
    }
    return table.lines();
  }

  /** One in a line, for somebody who follows it. */
  static String line(JsonNode one) {
    String paused = one.has("hindrance") ? "" : one.path("paused").asText();
    String message = paused.isEmpty() ? one.path("message").asText() : paused;
    String shares =
        one.path("versions").isEmpty()
            ? ""
            : ", %s, %s proxies".formatted(shares(one), proxies(one));
    return Printable.text(
        "%s: %s%s%s"
            .formatted(
                name(one), state(one, Ink.NONE), shares, message.isEmpty() ? "" : ": " + message));
  }

  /** {@code namespace/name} of its policy. */
  static String name(JsonNode one) {
    return one.path("namespace").asText() + "/" + one.path("name").asText();
  }

  /** All of one. */
  static List<String> whole(JsonNode one, Ink ink, Instant now) {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s (%s): %s from %s to %s"
            .formatted(
                name(one),
                one.path("place").asText(),
                one.path("kind").asText(),
                one.path("from").asText(),
                one.path("to").asText()));
    lines.add("State:    " + state(one, ink) + since(one, now));
    String message = one.path("message").asText();
    String paused = one.path("paused").asText();
    if (!message.isEmpty() && !message.equals(paused)) {
      lines.add("          " + Printable.text(message));
    }
    if (!paused.isEmpty()) {
      lines.add("Paused:   " + Printable.text(paused));
    }
    if (one.has("until")) {
      lines.add("Left:     " + left(one, now));
    }
    lines.add("Proxies:  " + proxies(one) + " have acknowledged these shares");
    if (one.path("proxies").path("counted").asText().equals("this replica")) {
      lines.add(
          "          only those of the replica that answers, which does not know the others'");
    }
    Set<String> excepted = new HashSet<>();
    one.path("excepted").forEach(id -> excepted.add(id.asText()));
    one.path("proxies")
        .path("pending")
        .forEach(
            id -> {
              if (!excepted.contains(id.asText())) {
                lines.add("          waits for " + Printable.text(id.asText()));
              }
            });
    one.path("proxies")
        .path("refused")
        .forEach(
            no ->
                lines.add(
                    "          refused by %s: %s"
                        .formatted(
                            Printable.text(no.path("id").asText()),
                            Printable.text(no.path("message").asText()))));
    one.path("excepted")
        .forEach(id -> lines.add("          went on without " + Printable.text(id.asText())));
    lines.add("");
    TextTable versions = new TextTable("VERSION", "SHARE", "READY", "TAKE PART");
    for (JsonNode version : one.path("versions")) {
      versions.row(
          version.path("name").asText(),
          percent(version) + " %",
          version.path("ready").asText() + "/" + version.path("total").asText(),
          version.has("part") ? version.path("part").asText() : "all");
    }
    lines.addAll(versions.lines());
    lines.addAll(steps(one));
    lines.addAll(readings(one, ink, now));
    return lines;
  }

  private static List<String> steps(JsonNode one) {
    if (one.path("steps").isEmpty()) {
      return List.of();
    }
    TextTable steps = new TextTable("STEP", "SHARE", "HOLD", "APPROVE", "REACHED");
    int number = 1;
    for (JsonNode step : one.path("steps")) {
      steps.row(
          "" + number++,
          step.has("instances")
              ? step.path("instances").asText() + " instances"
              : percent(step) + " %",
          Ages.text(Duration.parse(step.path("hold").asText())),
          step.path("approve").asText(),
          step.path("reached").asBoolean() ? "yes" : "-");
    }
    List<String> lines = new ArrayList<>(List.of(""));
    lines.addAll(steps.lines());
    return lines;
  }

  private static List<String> readings(JsonNode one, Ink ink, Instant now) {
    if (one.path("readings").isEmpty()) {
      return List.of();
    }
    List<String> lines = new ArrayList<>(List.of(""));
    TextTable readings = new TextTable("MEASURED", "VALUE", "GOOD", "VERDICT", "AGE");
    List<String> silent = new ArrayList<>();
    for (JsonNode reading : one.path("readings")) {
      String name = Printable.text(reading.path("name").asText());
      String value = Printable.text(reading.path("value").asText());
      readings.row(
          name,
          value.isEmpty() ? "-" : value,
          reading.path("bounds").asText(),
          verdict(reading, ink),
          reading.has("when")
              ? Ages.text(Duration.between(Instant.parse(reading.path("when").asText()), now))
              : "-");
      if (!reading.path("message").asText().isEmpty()) {
        silent.add(name + ": " + Printable.text(reading.path("message").asText()));
      }
    }
    lines.addAll(readings.lines());
    lines.addAll(silent);
    return lines;
  }

  private static String verdict(JsonNode reading, Ink ink) {
    int failures = reading.path("failures").asInt();
    return switch (reading.path("verdict").asText()) {
      case "GOOD" -> ink.good("good");
      case "BAD" -> ink.bad("bad" + (failures > 1 ? " (" + failures + " in a row)" : ""));
      case "NO_ANSWER" -> ink.doubtful("no answer");
      default -> ink.doubtful("waiting");
    };
  }

  private static String state(JsonNode one, Ink ink) {
    String phase = one.path("phase").asText();
    String text = phase.toLowerCase(Locale.ROOT).replace('_', ' ');
    String paused = one.has("paused") ? " (paused)" : "";
    String coloured =
        switch (phase) {
          case "COMPLETE", "KEEPING" -> ink.good(text);
          case "REVERTING", "REVERTED", "GIVEN_UP", "BLOCKED" -> ink.bad(text);
          default -> ink.doubtful(text);
        };
    return coloured + paused;
  }

  private static String since(JsonNode one, Instant now) {
    return one.path("since").isMissingNode()
        ? ""
        : " for " + Ages.text(Duration.between(Instant.parse(one.path("since").asText()), now));
  }

  private static String left(JsonNode one, Instant now) {
    return one.has("until")
        ? Ages.text(Duration.between(now, Instant.parse(one.path("until").asText())))
        : "-";
  }

  private static String proxies(JsonNode one) {
    JsonNode proxies = one.path("proxies");
    return proxies.path("acknowledged").asText() + "/" + proxies.path("concerned").asText();
  }

  private static String shares(JsonNode one) {
    return StreamSupport.stream(one.path("versions").spliterator(), false)
        .map(version -> version.path("name").asText() + "=" + percent(version))
        .collect(Collectors.joining(","));
  }

  private static String percent(JsonNode node) {
    return BigDecimal.valueOf(node.path("percent").asDouble()).stripTrailingZeros().toPlainString();
  }
}
