package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.server.demo.Ink;
import dev.sluice.spec.IpLiteral;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/** Services of the admin API as lines of text. */
final class ServicesText {
  private static final int LABELS_WIDTH = 60;
  private static final int LABEL_WIDTH = 48;

  private final Ink ink;

  ServicesText(Ink ink) {
    this.ink = ink;
  }

  /** A line for each service. */
  List<String> table(Iterable<JsonNode> services) {
    TextTable table = new TextTable("NAMESPACE", "NAME", "PORTS", "INSTANCES", "SOURCES");
    for (JsonNode service : services) {
      table.row(
          text(service.path("namespace")),
          text(service.path("name")),
          ports(service),
          instances(service),
          sources(service));
    }
    return table.lines();
  }

  /** A line for each service, and below it one for each of its instances. */
  List<String> wide(Iterable<JsonNode> services) {
    TextTable table =
        new TextTable("  ADDRESS", "HEALTH", "WEIGHT", "REGION/ZONE", "SOURCE", "LABELS");
    for (JsonNode service : services) {
      Map<String, Integer> shared = shared(service);
      int all = service.path("endpoints").size();
      for (JsonNode endpoint : service.path("endpoints")) {
        String health = endpoint.path("health").asText();
        instance(table, endpoint, Colours.health(health, ink), labels(endpoint, shared, all));
      }
      for (JsonNode endpoint : service.path("hidden")) {
        String by = "by " + text(endpoint.path("hiddenBy"));
        instance(table, endpoint, Colours.health("HIDDEN", ink), by);
      }
    }
    List<String> rows = table.lines();
    List<String> lines = new ArrayList<>();
    lines.add(rows.getFirst());
    int row = 1;
    for (JsonNode service : services) {
      String id = text(service.path("name")) + "." + text(service.path("namespace"));
      lines.add(
          String.join("  ", ink.bold(id), ports(service), instances(service), sources(service)));
      int end = row + service.path("endpoints").size() + service.path("hidden").size();
      lines.addAll(rows.subList(row, end));
      row = end;
    }
    return lines;
  }

  private static void instance(TextTable table, JsonNode endpoint, String health, String labels) {
    table.row(
        "  " + address(endpoint),
        health,
        text(endpoint.path("weight")),
        place(endpoint),
        text(endpoint.path("source")),
        labels);
  }

  /** {@code http:80, grpc:9000, web:8080/http2}: the protocol where the name is not its own. */
  private static String ports(JsonNode service) {
    return dash(
        stream(service.path("ports")).map(ServicesText::port).collect(Collectors.joining(", ")));
  }

  private static String port(JsonNode port) {
    String name = text(port.path("name"));
    String protocol = text(port.path("protocol"));
    return (name.isEmpty() ? "" : name + ":")
        + text(port.path("port"))
        + (protocol.isEmpty() || protocol.equals(name) ? "" : "/" + protocol);
  }

  private String instances(JsonNode service) {
    if (service.has("host")) {
      return "DNS " + text(service.path("host"));
    }
    JsonNode counts = service.path("instances");
    int all = counts.path("all").asInt();
    int healthy = counts.path("healthy").asInt();
    int draining = counts.path("draining").asInt();
    String text = healthy + "/" + all + (draining > 0 ? " (" + draining + " draining)" : "");
    if (healthy == 0) {
      return ink.bad(text);
    }
    return healthy == all ? text : ink.doubtful(text);
  }

  private static String sources(JsonNode service) {
    return stream(service.path("sources"))
        .map(ServicesText::source)
        .collect(Collectors.joining(", "));
  }

  private static String source(JsonNode source) {
    int hidden = source.path("hidden").asInt();
    return text(source.path("source"))
        + " "
        + text(source.path("instances"))
        + (hidden > 0 ? " (" + hidden + " hidden)" : "");
  }

  /** Its ports in one, since the address is long and they are few. */
  private static String address(JsonNode endpoint) {
    String address = text(endpoint.path("address"));
    String ports =
        stream(endpoint.path("ports")).map(JsonNode::asText).collect(Collectors.joining(","));
    return ports.isEmpty() ? address : IpLiteral.asHost(address) + ":" + ports;
  }

  private static String place(JsonNode endpoint) {
    String region = text(endpoint.path("region"));
    String zone = text(endpoint.path("zone"));
    return zone.isEmpty() ? dash(region) : region + "/" + zone;
  }

  /** How many of a service's instances have a label. */
  private static Map<String, Integer> shared(JsonNode service) {
    Map<String, Integer> shared = new HashMap<>();
    for (JsonNode endpoint : service.path("endpoints")) {
      labels(endpoint).forEach(label -> shared.merge(label, 1, Integer::sum));
    }
    return shared;
  }

  /** As many as fit; first those that tell the instance from others of its service. */
  private static String labels(JsonNode endpoint, Map<String, Integer> shared, int all) {
    List<String> labels = new ArrayList<>(labels(endpoint));
    labels.sort(
        (one, other) -> Boolean.compare(isOfAll(one, shared, all), isOfAll(other, shared, all)));
    StringBuilder line = new StringBuilder();
    int told = 0;
    for (String label : labels) {
      String part = shortened(label);
      if (told > 0 && line.length() + 1 + part.length() > LABELS_WIDTH) {
        return line + " +" + (labels.size() - told);
      }
      line.append(told == 0 ? "" : ",").append(part);
      told++;
    }
    return dash(line.toString());
  }

  private static boolean isOfAll(String label, Map<String, Integer> shared, int all) {
    return shared.getOrDefault(label, 0) == all;
  }

  private static List<String> labels(JsonNode endpoint) {
    return endpoint.path("labels").properties().stream()
        .map(label -> Printable.text(label.getKey() + "=" + label.getValue().asText()))
        .toList();
  }

  private static String shortened(String label) {
    return label.length() <= LABEL_WIDTH ? label : label.substring(0, LABEL_WIDTH - 3) + "...";
  }

  private static String text(JsonNode value) {
    return Printable.text(value.asText());
  }

  private static String dash(String text) {
    return text.isEmpty() ? "-" : text;
  }

  private static Stream<JsonNode> stream(JsonNode list) {
    return StreamSupport.stream(list.spliterator(), false);
  }
}
