package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** {@code sluice status --wait}: ends when every proxy has acknowledged some documents. */
final class StatusWait {
  private static final String THOSE_OF_FILES = "-";

  @Option(
      names = "--wait",
      arity = "0..1",
      fallbackValue = THOSE_OF_FILES,
      paramLabel = "DOCUMENT",
      description = {
        "Wait until every proxy has acknowledged what this document makes, as the server has it:",
        "name, name.namespace, namespace/name or Kind/namespace/name; of several kinds the",
        "TrafficPolicy. May be given often."
      })
  private List<String> names = List.of();

  @Option(
      names = {"-f", "--files"},
      arity = "1..*",
      paramLabel = "PATH",
      description = "With --wait: for the documents of these files, in the very editions there.")
  private List<Path> paths = List.of();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "30s",
      converter = DurationConverter.class,
      description = "How long to wait (default: 30s); then the exit code is 1.")
  private Duration timeout = Duration.ofSeconds(30);

  boolean isWanted() {
    return !names.isEmpty() || !paths.isEmpty();
  }

  /**
   * Waits, and says how it went.
   *
   * @return the exit code
   */
  int run(CommandSpec spec, AdminClient admin, OutputFormat format) {
    List<DocumentName> named =
        names.stream().filter(name -> !name.equals(THOSE_OF_FILES)).map(DocumentName::of).toList();
    if (named.isEmpty() == paths.isEmpty()) {
      throw new CommandFailure(
          ExitCode.USAGE, "name what to wait for: --wait DOCUMENT, or --wait -f PATH");
    }
    DocumentWait wait = paths.isEmpty() ? byName(named, admin) : asGiven(admin);
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    boolean line = spec.commandLine().getColorScheme().ansi().enabled() && format.isText();
    DocumentWait.Outcome outcome =
        wait.await(
            now -> {
              if (line) {
                boolean over = now.end() != DocumentWait.End.WAITING;
                err.print("\r\u001b[K" + (over ? "" : now.text() + " ..."));
                err.flush();
              }
            });
    if (!format.isText()) {
      ObjectNode answer = JsonNodeFactory.instance.objectNode();
      answer.put("acknowledged", outcome.end() == DocumentWait.End.DONE);
      answer.set("documents", outcome.documents());
      format.write(answer, out);
    } else {
      outcome.lines().forEach(out::println);
    }
    out.flush();
    if (outcome.end() == DocumentWait.End.DONE) {
      return ExitCode.OK;
    }
    if (line && outcome.end() == DocumentWait.End.WAITING) {
      err.println();
    }
    wait.missing(outcome).forEach(text -> err.println("sluice: " + text));
    err.flush();
    return ExitCode.NO;
  }

  private DocumentWait byName(List<DocumentName> named, AdminClient admin) {
    return new DocumentWait(
        () -> {
          ArrayNode found = JsonNodeFactory.instance.arrayNode();
          for (DocumentName name : named) {
            find(name, admin).forEach(one -> found.add(one));
          }
          return found;
        },
        named.size(),
        timeout);
  }

  /** The document of that name; none where it is not known yet. */
  private static List<JsonNode> find(DocumentName name, AdminClient admin) {
    List<JsonNode> all =
        StreamSupport.stream(admin.get(name.path()).path("documents").spliterator(), false)
            .toList();
    List<JsonNode> policies =
        all.stream().filter(one -> one.path("kind").asText().equals("TrafficPolicy")).toList();
    List<JsonNode> meant = policies.size() == 1 ? policies : all;
    if (meant.size() > 1) {
      throw new CommandFailure(
          ExitCode.USAGE,
          name
              + " is the name of "
              + meant.stream().map(DocumentText::key).collect(Collectors.joining(" and of "))
              + "; write Kind/namespace/name");
    }
    List<JsonNode> found = new ArrayList<>();
    for (JsonNode one : meant) {
      found.add(
          admin.get(
              "/v1/documents/%s/%s/%s"
                  .formatted(
                      one.path("kind").asText(),
                      AdminClient.segment(one.path("namespace").asText()),
                      AdminClient.segment(one.path("name").asText()))));
    }
    return found;
  }

  private DocumentWait asGiven(AdminClient admin) {
    ArrayNode given = DocumentFiles.read(paths);
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.set("documents", given);
    int wanted = admin.post("/v1/documents/standing", body).path("asked").asInt();
    return new DocumentWait(
        () -> admin.post("/v1/documents/standing", body).path("documents"), wanted, timeout);
  }
}
