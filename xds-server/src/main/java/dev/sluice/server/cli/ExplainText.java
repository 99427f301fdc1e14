package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.server.demo.Ink;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** An explanation of the admin API, as people read it. */
final class ExplainText {
  private static final int INDENT = 12;
  private static final int PASSED_OVER = 5;
  private static final int INSTANCES = 10;

  /** Shown also where no document says them. */
  private static final Set<String> ALWAYS = Set.of("timeouts.request", "retry.attempts");

  private final JsonNode answer;
  private final boolean wide;
  private final Ink ink;
  private final List<String> lines = new ArrayList<>();

  ExplainText(JsonNode answer, boolean wide, Ink ink) {
    this.answer = answer;
    this.wide = wide;
    this.ink = ink;
  }

  List<String> lines(String request) {
    boolean routed = answer.path("routed").asBoolean();
    lines.add(ink.bold(Printable.text(request)));
    String summary = text(answer.path("summary"));
    lines.add(routed ? ink.good(summary) : ink.bad(summary));
    lines.add("");
    proxy();
    step("listener", answer.path("listener"));
    step("host", answer.path("virtualHost"));
    passedOver(routed);
    step("route", answer.path("route"));
    target();
    settings();
    each("differs", texts(answer.path("differs")), true);
    each("newest", texts(answer.path("newest")), true);
    each("note", texts(answer.path("notes")), false);
    return lines;
  }

  private void proxy() {
    JsonNode proxy = answer.path("proxy");
    int agreeing = proxy.path("agreeing").asInt();
    String kind =
        "%s of %s.%s"
            .formatted(
                text(proxy.path("role")),
                text(proxy.path("service")),
                text(proxy.path("namespace")));
    labelled("proxy", ink.bold(text(proxy.path("id"))));
    because(kind + (agreeing > 1 ? "; " + agreeing + " of its kind do the same" : ""));
    for (JsonNode other : proxy.path("others")) {
      because(
          ink.doubtful("not so " + text(other.path("id")) + ": " + text(other.path("summary"))));
    }
  }

  private void step(String label, JsonNode step) {
    if (step.isMissingNode()) {
      return;
    }
    labelled(label, ink.bold(text(step.path("name"))));
    texts(step.path("because")).forEach(why -> because("because " + why));
    List<String> from = texts(step.path("from")).toList();
    if (!from.isEmpty()) {
      because("from " + String.join(", ", wide ? from : from.subList(0, 1)));
    }
  }

  private void passedOver(boolean routed) {
    JsonNode routes = answer.path("passedOver");
    int shown = wide || !routed ? routes.size() : Math.min(PASSED_OVER, routes.size());
    for (int i = 0; i < shown; i++) {
      JsonNode route = routes.get(i);
      String name = text(route.path("name"));
      boolean no = route.path("answer").asText().equals("NO");
      String why = texts(route.path("because")).collect(Collectors.joining("; "));
      labelled(
          i == 0 ? "passed over" : "",
          name + (no ? ": " : ink.doubtful(": cannot tell: ")) + why + place(route));
    }
    if (shown < routes.size()) {
      labelled("", "and " + (routes.size() - shown) + " more (-o wide)");
    }
  }

  /** Where in a file, since the route's name tells the rest. */
  private static String place(JsonNode route) {
    String from = text(route.path("from"));
    return from.isEmpty() ? "" : "  " + from.substring(from.indexOf('('));
  }

  private void target() {
    String versions =
        stream(answer.path("versions"))
            .map(one -> text(one.path("version")) + " " + percent(one.path("percent")))
            .collect(Collectors.joining(", "));
    if (!versions.isEmpty()) {
      labelled("versions", ink.bold(versions));
    }
    for (JsonNode cluster : answer.path("clusters")) {
      labelled(
          "cluster",
          ink.bold(text(cluster.path("name"))) + "  " + percent(cluster.path("percent")));
      if (cluster.has("state")) {
        because(ink.bad(text(cluster.path("state"))));
      }
      instances(cluster.path("instances"));
    }
    each("asked for", texts(answer.path("rewrittenPath")), false);
    each("as host", texts(answer.path("rewrittenHost")), false);
    each("location", texts(answer.path("location")), false);
    each("body", texts(answer.path("body")).filter(body -> !body.isEmpty()), false);
  }

  private void instances(JsonNode instances) {
    if (instances.isEmpty()) {
      return;
    }
    TextTable table =
        new TextTable("ADDRESS", "HEALTH", "VERSION", "WEIGHT", "PRIORITY", "ZONE", "SOURCE");
    int shown = wide ? instances.size() : Math.min(INSTANCES, instances.size());
    for (int i = 0; i < shown; i++) {
      JsonNode one = instances.get(i);
      table.row(
          text(one.path("address")),
          Colours.health(text(one.path("health")), ink),
          dash(one.path("version")),
          text(one.path("weight")),
          text(one.path("priority")),
          dash(one.path("locality")),
          dash(one.path("source")));
    }
    table.lines().forEach(line -> labelled("", line));
    if (shown < instances.size()) {
      labelled("", "and " + (instances.size() - shown) + " more (-o wide)");
    }
  }

  private void settings() {
    TextTable table = new TextTable("SETTING", "VALUE", "FROM");
    int rows = 0;
    for (JsonNode setting : answer.path("settings")) {
      String name = text(setting.path("name"));
      if (wide || setting.has("from") || ALWAYS.contains(name)) {
        String version = text(setting.path("version"));
        String from = text(setting.path("from"));
        table.row(
            name + (version.isEmpty() ? "" : " (" + version + ")"),
            text(setting.path("value")),
            from.isEmpty() ? "default" : from);
        rows++;
      }
    }
    if (rows > 0) {
      lines.add("");
      lines.addAll(table.lines());
      lines.add("");
    }
  }

  private void each(String label, Stream<String> texts, boolean doubtful) {
    texts.forEach(text -> labelled(label, doubtful ? ink.doubtful(text) : text));
  }

  private void labelled(String label, String text) {
    lines.add((label + " ".repeat(INDENT - label.length()) + text).stripTrailing());
  }

  private void because(String text) {
    labelled("", text);
  }

  private static String percent(JsonNode percent) {
    return BigDecimal.valueOf(percent.asDouble()).stripTrailingZeros().toPlainString() + "%";
  }

  private static String dash(JsonNode text) {
    return text.asText().isEmpty() ? "-" : text(text);
  }

  private static String text(JsonNode text) {
    return Printable.text(text.asText());
  }

  /** Of a list, or of one text, or of nothing. */
  private static Stream<String> texts(JsonNode texts) {
    if (texts.isArray()) {
      return stream(texts).map(ExplainText::text);
    }
    return texts.isMissingNode() ? Stream.empty() : Stream.of(text(texts));
  }

  private static Stream<JsonNode> stream(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }
}
