package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice history}: what changed, when, and because of what. */
@Command(
    name = "history",
    description = {
      "Shows the last changes that proxies were told of, the newest first.",
      "Each has its cause: the documents, with their places, and the instances that came, went or",
      "changed. CHANGED counts the resources of all groups of proxies. A server remembers the last",
      "100, and the last 100 edits of documents (over restarts where it has state); with SERVICE those that this service or its documents had a part in.",
      "-o wide has a line for each cause and each group."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice history                            the last 20",
      "  sluice history orders.shop --since 15m    of one service, in the last quarter of an hour",
      "  sluice history -o wide --limit 1          all that is known of the newest"
    })
final class HistoryCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "SERVICE",
      description = "Only those of this service: name, in any namespace, or name.namespace.")
  private @Nullable String service;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      converter = SinceConverter.class,
      description = "Only those since then: a time (2026-01-31T12:00:00Z), or for how long (15m).")
  private @Nullable Instant since;

  @Option(
      names = "--limit",
      paramLabel = "COUNT",
      description = "At most so many, 1 to 100 (default: 20).")
  private @Nullable Integer limit;

  @Mixin private OutputFormat format = new OutputFormat();
  @Mixin private AdminClient admin = new AdminClient();

  @Override
  public Integer call() {
    Map<String, Object> query = new LinkedHashMap<>();
    query.put("service", service == null ? "" : service);
    query.put("since", since == null ? "" : since);
    query.put("limit", limit == null ? "" : limit);
    String parameters =
        query.entrySet().stream()
            .filter(entry -> !entry.getValue().toString().isEmpty())
            .map(entry -> entry.getKey() + "=" + AdminClient.segment(entry.getValue().toString()))
            .collect(Collectors.joining("&"));
    JsonNode answer = admin.get("/v1/history" + (parameters.isEmpty() ? "" : "?" + parameters));
    PrintWriter out = spec.commandLine().getOut();
    if (!format.isText()) {
      format.write(answer, out);
      return ExitCode.OK;
    }
    if (answer.path("revisions").isEmpty()) {
      out.println(
          service == null && since == null
              ? "The server has told no proxy of anything yet."
              : "Nothing of that kind is among what the server remembers.");
    } else {
      boolean wide = format.form() == OutputFormat.Form.WIDE;
      (wide ? wide(answer) : table(answer)).forEach(out::println);
    }
    JsonNode past = admin.get(RollbackText.PIN);
    if (past.has("rollback")) {
      out.println();
      out.println(RollbackText.line(past.path("rollback")));
    }
    return ExitCode.OK;
  }

  private static List<String> table(JsonNode answer) {
    TextTable table = new TextTable("REVISION", "AT", "GROUPS", "CHANGED", "CAUSE");
    for (JsonNode revision : answer.path("revisions")) {
      table.row(
          revision.path("revision").asText(),
          revision.path("at").asText(),
          String.valueOf(revision.path("groups").size()),
          changed(revision),
          cause(revision));
    }
    return table.lines();
  }

  /** By type, summed over the groups. */
  private static String changed(JsonNode revision) {
    Map<String, Integer> counts = new LinkedHashMap<>();
    revision
        .path("groups")
        .forEach(
            group ->
                group
                    .path("types")
                    .forEach(
                        type ->
                            counts.merge(
                                type.path("type").asText(),
                                type.path("changed").asInt() + type.path("removed").asInt(),
                                Integer::sum)));
    return counts.isEmpty()
        ? "-"
        : counts.entrySet().stream()
            .map(entry -> entry.getKey() + " " + entry.getValue())
            .collect(Collectors.joining(", "));
  }

  private static String cause(JsonNode revision) {
    JsonNode reasons = revision.path("reasons");
    if (reasons.isEmpty()) {
      return Printable.text(revision.path("cause").asText());
    }
    int more = reasons.size() - 1;
    return reason(reasons.get(0)) + (more == 0 ? "" : " (and " + more + " more)");
  }

  private static String reason(JsonNode reason) {
    String name = reason.path("name").asText();
    String kind = reason.path("kind").asText();
    // A document's key says what it is.
    String what = kind.equals("document") ? name : kind + " " + name;
    return Printable.text(what + ": " + reason.path("text").asText());
  }

  private static List<String> wide(JsonNode answer) {
    List<String> lines = new ArrayList<>();
    for (JsonNode revision : answer.path("revisions")) {
      lines.add(
          "revision %s at %s"
              .formatted(revision.path("revision").asText(), revision.path("at").asText()));
      if (revision.path("reasons").isEmpty()) {
        lines.add("  " + Printable.text(revision.path("cause").asText()));
      }
      revision.path("reasons").forEach(reason -> lines.add("  " + reason(reason)));
      for (JsonNode group : revision.path("groups")) {
        for (JsonNode type : group.path("types")) {
          lines.add(
              "    %s %s: %s %d changed, %d removed: %s"
                  .formatted(
                      group.path("role").asText(),
                      group.path("service").asText(),
                      type.path("type").asText(),
                      type.path("changed").asInt(),
                      type.path("removed").asInt(),
                      Printable.text(names(type))));
        }
      }
    }
    return lines;
  }

  private static String names(JsonNode type) {
    List<String> names = new ArrayList<>();
    type.path("names").forEach(name -> names.add(name.asText()));
    int more = type.path("changed").asInt() + type.path("removed").asInt() - names.size();
    return String.join(", ", names) + (more > 0 ? " and " + more + " more" : "");
  }
}
