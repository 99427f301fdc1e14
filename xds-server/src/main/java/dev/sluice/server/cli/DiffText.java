package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.problem.Location;
import dev.sluice.problem.Problem;
import dev.sluice.problem.Severity;
import dev.sluice.server.demo.Ink;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;

/** What would change ({@code /v1/diff}), for people. */
record DiffText(CommandSpec spec) {
  /** How many groups a heading names. */
  private static final int MOST_NAMED = 8;

  /** Differences to standard output, and what to know of them to standard error. */
  void print(JsonNode answer) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Ink ink = Colours.of(spec);
    for (JsonNode problem : answer.path("problems")) {
      err.println(Colours.problem(problem(problem), ink));
    }
    for (JsonNode group : answer.path("groups")) {
      out.println(ink.bold(heading(group)));
      group.path("resources").forEach(resource -> print(resource, out, ink));
      out.println();
    }
    for (JsonNode warning : answer.path("warnings")) {
      out.println(ink.doubtful("warning:") + " " + Printable.text(warning.asText()));
    }
    out.println(ink.bold(answer.path("summary").asText()));
    err.flush();
  }

  private static String heading(JsonNode difference) {
    List<String> names = new ArrayList<>();
    int proxies = 0;
    for (JsonNode group : difference.path("groups")) {
      int connected = group.path("proxies").asInt();
      names.add(
          "%s %s (%s)"
              .formatted(
                  group.path("role").asText(),
                  Printable.text(group.path("service").asText()),
                  number(connected)));
      proxies += connected;
    }
    int more = names.size() - MOST_NAMED;
    String all = String.join(", ", names.subList(0, Math.min(names.size(), MOST_NAMED)));
    return more > 0 ? "%s and %d more groups, %s".formatted(all, more, number(proxies)) : all;
  }

  private static String number(int proxies) {
    return "%,d %s".formatted(proxies, proxies == 1 ? "proxy" : "proxies");
  }

  private static void print(JsonNode resource, PrintWriter out, Ink ink) {
    out.println(
        "# %s %s %s%s%s"
            .formatted(
                resource.path("type").asText(),
                Printable.text(resource.path("name").asText()),
                resource.path("change").asText(),
                some(", virtual host ", resource.path("virtualHosts")),
                some(", shaped by ", resource.path("documents"))));
    if (resource.path("omitted").asBoolean()) {
      out.println("# too much to show it all; see it with 'sluice snapshot' once it is applied");
    }
    if (resource.has("diff")) {
      resource.path("diff").asText().lines().forEach(line -> out.println(coloured(line, ink)));
    }
  }

  private static String some(String before, JsonNode texts) {
    List<String> all = new ArrayList<>();
    texts.forEach(one -> all.add(Printable.text(one.asText())));
    return all.isEmpty() || all.size() > MOST_NAMED ? "" : before + String.join(", ", all);
  }

  private static String coloured(String line, Ink ink) {
    String text = Printable.text(line);
    if (text.startsWith("+++") || text.startsWith("---")) {
      return ink.bold(text);
    }
    return switch (text.isEmpty() ? ' ' : text.charAt(0)) {
      case '+' -> ink.good(text);
      case '-' -> ink.bad(text);
      case '@' -> ink.doubtful(text);
      default -> text;
    };
  }

  private static Problem problem(JsonNode one) {
    return new Problem(
        one.path("severity").asText().equals("WARNING") ? Severity.WARNING : Severity.ERROR,
        new Location(
            Printable.text(one.path("file").asText()),
            one.path("line").asInt(),
            one.path("column").asInt()),
        Printable.text(one.path("path").asText()),
        Printable.text(one.path("message").asText()));
  }
}
