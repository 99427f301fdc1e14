package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.sluice.problem.Problem;
import dev.sluice.translate.RateLimitDomain;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice rate-limits}: what a rate-limit service is configured with. */
@Command(
    name = "rate-limits",
    description = {
      "Prints the configuration of a rate-limit service.",
      "That is a file of github.com/envoyproxy/ratelimit with the global limits of a domain, as a",
      "server has them; with -f, as documents give them."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice rate-limits public.edge > config/public.edge.yaml",
      "  sluice rate-limits -f my-policies                     needs no server"
    })
final class RateLimitsCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(
      arity = "0..1",
      paramLabel = "DOMAIN",
      description =
          "rateLimitService.domain of the Gateways, which is NAME.NAMESPACE where they give none;"
              + " to be left out where there is only one.")
  private @Nullable String domain;

  @Option(
      names = {"-f", "--files"},
      paramLabel = "PATH",
      description =
          "A file or directory of documents, in the place of a server; may be given several times.")
  private List<Path> paths = List.of();

  @Mixin private AdminClient admin = new AdminClient();

  @Override
  public Integer call() {
    spec.commandLine().getOut().print(file(paths.isEmpty() ? ofServer() : ofDocuments()));
    return ExitCode.OK;
  }

  private SortedMap<String, String> ofDocuments() {
    OfflineDocuments documents = OfflineDocuments.read(paths);
    documents.problems().forEach(spec.commandLine().getErr()::println);
    if (Problem.anyError(documents.problems())) {
      throw new CommandFailure(
          ExitCode.NO,
          "nothing is written while documents have errors: a limit that is not in the file is none");
    }
    return RateLimitDomain.files(documents.index());
  }

  private SortedMap<String, String> ofServer() {
    SortedMap<String, String> files = new TreeMap<>();
    for (JsonNode each : admin.get("/v1/rate-limits").path("domains")) {
      files.put(each.path("domain").asText(), each.path("file").asText());
    }
    return files;
  }

  private String file(SortedMap<String, String> files) {
    String domains = String.join(", ", files.keySet());
    if (files.isEmpty()) {
      throw new CommandFailure(ExitCode.NO, "there is no Gateway with a rateLimitService");
    }
    if (domain == null && files.size() > 1) {
      throw new CommandFailure(ExitCode.USAGE, "which domain? There are " + domains);
    }
    String wanted = domain == null ? files.firstKey() : domain;
    String file = files.get(wanted);
    if (file == null) {
      throw new CommandFailure(
          ExitCode.NO,
          "no Gateway has a rateLimitService of the domain \"%s\" (domains: %s)"
              .formatted(wanted, domains));
    }
    return file;
  }
}
