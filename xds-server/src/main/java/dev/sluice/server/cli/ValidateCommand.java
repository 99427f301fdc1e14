package dev.sluice.server.cli;

import dev.sluice.problem.Problem;
import dev.sluice.problem.Severity;
import dev.sluice.server.demo.Ink;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice validate}: all that is wrong with documents. */
@Command(
    name = "validate",
    description = {
      "Says all that is wrong with documents; needs no server.",
      "Each is file:line:column path: message. Exit code 1 when there is an error, or no document at",
      "all; a warning is none."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice validate my-policies",
      "  sluice validate -o github orders.yaml stock.yaml     in a workflow, for annotations"
    })
final class ValidateCommand implements Callable<Integer> {
  /** How problems are written. */
  enum Form {
    TEXT,
    GITHUB
  }

  @Spec private CommandSpec spec;

  @Parameters(
      arity = "1..*",
      paramLabel = "PATH",
      description = "Files, and directories with the *.yaml, *.yml and *.json in and below them.")
  private List<Path> paths = List.of();

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORM",
      description = "text (default), or github for annotations.")
  private Form form = Form.TEXT;

  @Override
  public Integer call() {
    OfflineDocuments read = OfflineDocuments.read(paths);
    List<Problem> problems = new ArrayList<>(read.problems());
    OfflineRendering.everyGateway(read).forEach(rendering -> problems.addAll(rendering.problems()));
    List<Problem> all = problems.stream().sorted().distinct().toList();
    PrintWriter out = spec.commandLine().getOut();
    Ink ink = Colours.of(spec);
    all.forEach(
        problem ->
            out.println(form == Form.GITHUB ? annotation(problem) : Colours.problem(problem, ink)));
    long errors = all.stream().filter(problem -> problem.severity() == Severity.ERROR).count();
    spec.commandLine()
        .getErr()
        .printf(
            "%s in %s: %s, %s%n",
            count(read.documents().all().size(), "valid document"),
            count(read.files(), "file"),
            count(errors, "error"),
            count(all.size() - errors, "warning"));
    if (errors == 0 && read.documents().all().isEmpty()) {
      throw new CommandFailure(
          ExitCode.NO,
          "there is no document in what was given ("
              + paths.stream().map(Path::toString).collect(Collectors.joining(", "))
              + "), so nothing was checked; name files or directories with documents in *.yaml,"
              + " *.yml or *.json");
    }
    spec.commandLine().getErr().flush();
    return errors == 0 ? ExitCode.OK : ExitCode.NO;
  }

  private static String count(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }

  /** A workflow command of GitHub Actions, its data escaped as the runner's toolkit does it. */
  private static String annotation(Problem problem) {
    String level = problem.severity() == Severity.ERROR ? "error" : "warning";
    String message = problem.path() + ": " + problem.message();
    return "::%s file=%s,line=%d,col=%d::%s"
        .formatted(
            level,
            escaped(problem.location().file()).replace(":", "%3A").replace(",", "%2C"),
            Math.max(1, problem.location().line()),
            Math.max(1, problem.location().column()),
            escaped(message));
  }

  private static String escaped(String text) {
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
  }
}
