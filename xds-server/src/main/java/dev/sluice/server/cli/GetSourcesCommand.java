package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.problem.Location;
import dev.sluice.server.demo.Ink;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice get sources}: how the sources of services and documents are doing. */
@Command(
    name = "sources",
    description = {
      "Shows how each source is doing: files, secrets, Kubernetes clusters, Consul.",
      "It is SYNCED, STALE (its peer is lost; what it told last stays live) or STARTING, and for how",
      "long, with the reason and with what is wrong with its documents.",
      "Exit code 1 when one is not SYNCED."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  sluice get sources", "  sluice get sources -o json"})
final class GetSourcesCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private OutputFormat format = new OutputFormat();
  @Mixin private WatchOptions watch = new WatchOptions();
  @Mixin private AdminClient admin = new AdminClient();

  @Override
  public Integer call() {
    return watch.show(
        spec,
        format,
        new WatchOptions.Shown(
            () -> admin.get("/v1/sources"),
            answer -> text(sources(answer), Instant.now()),
            answer ->
                sources(answer).stream().allMatch(GetSourcesCommand::isSynced)
                    ? ExitCode.OK
                    : ExitCode.NO));
  }

  private static List<JsonNode> sources(JsonNode answer) {
    return StreamSupport.stream(answer.path("sources").spliterator(), false).toList();
  }

  private List<String> text(List<JsonNode> sources, Instant now) {
    if (sources.isEmpty()) {
      return List.of("The server has no sources.");
    }
    Ink ink = Colours.of(spec);
    TextTable table = new TextTable("SOURCE", "STATE", "FOR", "PROBLEMS");
    List<String> notes = new ArrayList<>();
    for (JsonNode source : sources) {
      String name = source.path("source").asText();
      String state = source.path("state").asText();
      JsonNode problems = source.path("problems");
      table.row(
          name,
          Colours.state(state, state, ink),
          Ages.text(Duration.between(Instant.parse(source.path("since").asText()), now)),
          problems.isEmpty() ? "-" : String.valueOf(problems.size()));
      if (source.has("message") || !problems.isEmpty()) {
        notes.add("");
        notes.add((name + ": " + Printable.text(source.path("message").asText())).strip());
      }
      problems.forEach(problem -> notes.add(line(problem)));
    }
    List<String> lines = new ArrayList<>(table.lines());
    lines.addAll(notes);
    return lines;
  }

  private static boolean isSynced(JsonNode source) {
    return source.path("state").asText().equals("SYNCED");
  }

  private static String line(JsonNode problem) {
    String mark = problem.path("severity").asText().equals("WARNING") ? " warning:" : "";
    return Printable.text(
        "  %s %s:%s %s"
            .formatted(
                place(problem),
                problem.path("path").asText(),
                mark,
                problem.path("message").asText()));
  }

  private static Location place(JsonNode problem) {
    return new Location(
        problem.path("file").asText(),
        problem.path("line").asInt(),
        problem.path("column").asInt());
  }
}
