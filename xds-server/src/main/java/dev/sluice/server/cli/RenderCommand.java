package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.sluice.node.Role;
import dev.sluice.problem.Problem;
import dev.sluice.server.admin.YamlText;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice render}: the Envoy resources that documents give. */
@Command(
    name = "render",
    description = {
      "Prints the Envoy resources that documents give; needs no server.",
      "Without --role and --service: those for the proxies of each Gateway among the documents."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice render -f my-policies",
      "  sluice render -f my-policies --role sidecar --service web.shop"
    })
final class RenderCommand implements Callable<Integer> {
  /** How resources are written. */
  enum Form {
    YAML,
    JSON
  }

  @Spec private CommandSpec spec;

  @Option(
      names = {"-f", "--files"},
      required = true,
      arity = "1..*",
      paramLabel = "PATH",
      description = "Files and directories of documents.")
  private List<Path> paths = List.of();

  @Option(
      names = "--role",
      paramLabel = "ROLE",
      description = "sidecar, node, gateway or proxyless: the proxy to render for.")
  private @Nullable Role role;

  @Option(
      names = {"--service", "--proxy"},
      paramLabel = "SERVICE",
      description = "With --role: the proxy's own service, name or name.namespace.")
  private @Nullable String service;

  @Mixin private NodeOptions node = new NodeOptions();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      description = "yaml (default) or json.")
  private Form form = Form.YAML;

  @Override
  public Integer call() {
    if ((role == null) != (service == null)) {
      throw new ParameterException(
          spec.commandLine(), "--role and --service say together which proxy; give both or none");
    }
    OfflineDocuments documents = OfflineDocuments.read(paths);
    List<OfflineRendering> renderings =
        role == null || service == null
            ? OfflineRendering.everyGateway(documents)
            : List.of(OfflineRendering.of(node.group(role, service), documents.index()));
    List<Problem> problems = new ArrayList<>(documents.problems());
    renderings.forEach(rendering -> problems.addAll(rendering.problems()));
    problems.stream().sorted().distinct().forEach(spec.commandLine().getErr()::println);
    if (renderings.isEmpty()) {
      throw new CommandFailure(
          ExitCode.NO,
          "there is no Gateway among the documents; say which proxy with --role and --service");
    }
    print(renderings);
    return Problem.anyError(problems) ? ExitCode.NO : ExitCode.OK;
  }

  private void print(List<OfflineRendering> renderings) {
    ArrayNode all = new ObjectMapper().createArrayNode();
    renderings.forEach(rendering -> all.add(rendering.json()));
    if (form == Form.JSON) {
      spec.commandLine().getOut().println(all.toPrettyString());
      return;
    }
    for (JsonNode one : all) {
      spec.commandLine().getOut().print("---\n" + YamlText.of(one));
    }
  }
}
