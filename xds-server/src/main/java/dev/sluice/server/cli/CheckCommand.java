package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.sluice.problem.Severity;
import dev.sluice.server.demo.Ink;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice check}: all that is not as it should be, with what to do about it. */
@Command(
    name = "check",
    description = {
      "Shows what is not as it should be, and what to do about it.",
      "That is: sources that are not current, proxies that refuse or do not answer, changes that go",
      "no further, what is wrong with documents and secrets (certificates that end soon included),",
      "and services that nobody can answer for.",
      "Exit code 1 when there is an error; warnings alone are 0."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  sluice check", "  sluice check -o json"})
final class CheckCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Mixin private OutputFormat format = new OutputFormat();
  @Mixin private AdminClient admin = new AdminClient();

  @Override
  public Integer call() {
    List<Finding> findings = new ArrayList<>();
    findings.addAll(Checks.sources(admin.get("/v1/sources"), Instant.now()));
    JsonNode proxies = admin.get("/v1/proxies");
    JsonNode past = admin.get(RollbackText.PIN);
    findings.addAll(Checks.proxies(proxies, past));
    findings.addAll(Checks.departed(proxies, Instant.now()));
    findings.addAll(Checks.quarantine(admin.get("/v1/quarantine"), past));
    findings.addAll(Checks.canaries(admin.get("/v1/canaries")));
    findings.addAll(Checks.rollback(past));
    findings.addAll(RolloutChecks.of(admin.get("/v1/rollouts"), Instant.now()));
    findings.addAll(Checks.problems(admin.get("/v1/problems")));
    findings.addAll(Checks.versions(admin.get("/v1/documents?kind=TrafficPolicy")));
    findings.addAll(Checks.services(ServicePages.all(admin, List.of("endpoints=false"))));
    findings.sort(Comparator.comparing(Finding::severity)); // Errors first, else in this order.
    long errors = count(findings, Severity.ERROR);
    PrintWriter out = spec.commandLine().getOut();
    if (format.isText()) {
      text(findings).forEach(out::println);
    } else {
      ObjectNode answer = JsonNodeFactory.instance.objectNode();
      answer.put("errors", errors);
      answer.put("warnings", count(findings, Severity.WARNING));
      ArrayNode list = answer.putArray("findings");
      findings.forEach(finding -> list.add(finding.json()));
      format.write(answer, out);
    }
    return errors == 0 ? ExitCode.OK : ExitCode.NO;
  }

  private List<String> text(List<Finding> findings) {
    if (findings.isEmpty()) {
      return List.of("Nothing is amiss.");
    }
    Ink ink = Colours.of(spec);
    List<String> lines = new ArrayList<>();
    for (Finding finding : findings) {
      String mark =
          finding.severity() == Severity.ERROR ? ink.bad("ERROR  ") : ink.doubtful("WARNING");
      lines.add(
          "%s  %s %s"
              .formatted(
                  mark,
                  ink.bold(Printable.text(finding.subject())),
                  Printable.text(finding.message())));
      if (!finding.todo().isEmpty()) {
        lines.add("         " + Printable.text(finding.todo()));
      }
    }
    lines.add("");
    lines.add(
        counted(count(findings, Severity.ERROR), "error")
            + ", "
            + counted(count(findings, Severity.WARNING), "warning"));
    return lines;
  }

  private static long count(List<Finding> findings, Severity severity) {
    return findings.stream().filter(finding -> finding.severity() == severity).count();
  }

  private static String counted(long count, String what) {
    return count + " " + what + (count == 1 ? "" : "s");
  }
}
