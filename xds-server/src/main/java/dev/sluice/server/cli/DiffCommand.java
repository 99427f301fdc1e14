package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice diff}: what documents would change. */
@Command(
    name = "diff",
    description = {
      "Shows what documents would change for the proxies, and changes nothing.",
      "The server takes them beside what it has, by the same code: each stands in place of the one of",
      "its kind, namespace and name, and all others stay. For each group of proxies it tells which of",
      "Envoy's resources would differ. Exit code 0 when nothing would, 1 when something would, 2 when",
      "something is wrong with the documents, 3 when the server cannot be reached."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice diff -f my-policies",
      "  sluice diff -f my-policies --prune                     they are all that there would be",
      "  sluice diff --delete TrafficPolicy shop/orders         a document would be gone"
    })
final class DiffCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Option(
      names = {"-f", "--files"},
      arity = "1..*",
      paramLabel = "PATH",
      description = "Files and directories of documents.")
  private List<Path> paths = List.of();

  @Option(
      names = "--delete",
      arity = "2",
      paramLabel = "WORD",
      description = "KIND NAMESPACE/NAME: a document that would be gone; may be given often.")
  private List<String> delete = List.of();

  @Option(
      names = "--prune",
      description = "These are all documents of their source: the others of it would be gone.")
  private boolean prune;

  @Option(
      names = "--source",
      paramLabel = "KIND/NAME",
      description = "Where new documents would be, such as kubernetes/main (default: files).")
  private @Nullable String source;

  @Mixin private OutputFormat format = new OutputFormat();
  @Mixin private AdminClient admin = new AdminClient();

  @Override
  public Integer call() {
    if (paths.isEmpty() && delete.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "nothing to compare; name documents with -f, or --delete one");
    }
    JsonNode answer = admin.post("/v1/diff", body());
    if (format.isText()) {
      new DiffText(spec).print(answer);
    } else {
      format.write(answer, spec.commandLine().getOut());
    }
    boolean wrong =
        StreamSupport.stream(answer.path("problems").spliterator(), false)
            .anyMatch(one -> one.path("severity").asText().equals("ERROR"));
    if (wrong) {
      return ExitCode.USAGE;
    }
    return answer.path("changes").asBoolean() ? ExitCode.NO : ExitCode.OK;
  }

  private ObjectNode body() {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.set("documents", DocumentFiles.read(paths));
    ArrayNode gone = body.putArray("delete");
    for (int i = 0; i + 1 < delete.size(); i += 2) {
      gone.add(delete.get(i) + " " + delete.get(i + 1));
    }
    if (source != null) {
      body.put("source", source);
    }
    return body.put("prune", prune);
  }
}
