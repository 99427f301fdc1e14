package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice restore}: removes what {@code sluice drain} wrote. */
@Command(
    name = "restore",
    description = {
      "Puts an instance back into traffic that 'sluice drain' took out.",
      "InstanceOverrides that people wrote are left alone: where one keeps it out, it is named, and"
          + " the exit code is 1.",
      "One that is not drained needs nothing, and the exit code is 0."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice restore orders.shop 10.0.0.7:8080",
      "  sluice restore orders.shop orders-7f9c-x2x4l --timeout 1m"
    })
final class RestoreCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private InstanceOptions instance = new InstanceOptions();

  @Option(names = "--dry-run", description = "Print what would be removed, and change nothing.")
  private boolean dryRun;

  @Mixin private WaitOptions wait = new WaitOptions();
  @Mixin private OutputFormat format = new OutputFormat();
  @Mixin private AdminClient admin = new AdminClient();

  @Override
  public Integer call() {
    ObjectNode answer = (ObjectNode) admin.delete(instance.path() + (dryRun ? "?dryRun=true" : ""));
    PrintWriter out = spec.commandLine().getOut();
    if (format.isText()) {
      print(answer, out);
      out.flush();
    }
    int waited = ExitCode.OK;
    Set<String> ended = new HashSet<>();
    List.of("removed", "gone")
        .forEach(key -> answer.path(key).forEach(one -> ended.add(text(one, "document"))));
    if (dryRun || ended.isEmpty()) {
      if (!format.isText()) {
        format.write(answer, out);
      }
    } else {
      JsonNode any = answer.path(answer.path("removed").isEmpty() ? "gone" : "removed").path(0);
      waited =
          new Waiting(spec, admin, wait, format)
              .finish(
                  instance.path(),
                  answer,
                  standing -> !holdsAny(standing.path("overrides"), ended),
                  text(any, "source"),
                  Optional.empty());
      if (format.isText() && waited == ExitCode.OK && answer.path("holding").isEmpty()) {
        out.println(who(answer) + (wait.isWanted() ? " is back" : " goes back"));
        out.flush();
      }
    }
    return held(answer) ? ExitCode.NO : waited;
  }

  private static boolean holdsAny(JsonNode overrides, Set<String> documents) {
    return StreamSupport.stream(overrides.spliterator(), false)
        .anyMatch(one -> documents.contains(text(one, "document")));
  }

  private static String who(JsonNode answer) {
    return text(answer, "instance") + " of " + text(answer, "service");
  }

  private void print(JsonNode answer, PrintWriter out) {
    boolean none = answer.path("removed").isEmpty() && answer.path("gone").isEmpty();
    if (none && answer.path("holding").isEmpty()) {
      out.println(who(answer) + " is not drained: there is nothing to do");
      return;
    }
    if (dryRun && !none && answer.path("holding").isEmpty()) {
      out.println(who(answer) + " would be back");
    }
    lines(answer.path("removed"), dryRun ? "would remove" : "removed", out);
    lines(answer.path("gone"), "was gone already:", out);
  }

  private static void lines(JsonNode documents, String verb, PrintWriter out) {
    for (JsonNode one : documents) {
      out.println("%s %s in %s".formatted(verb, text(one, "document"), text(one, "place")));
    }
  }

  /** Whether something of people's keeps it out; says so. */
  private boolean held(JsonNode answer) {
    PrintWriter err = spec.commandLine().getErr();
    for (JsonNode one : answer.path("holding")) {
      err.println(
          "sluice: %s is still held (%s) by %s, which sluice drain did not write; remove it in %s"
              .formatted(
                  text(answer, "instance"),
                  text(one, "state"),
                  text(one, "document"),
                  text(one, "place")));
    }
    err.flush();
    return !answer.path("holding").isEmpty();
  }

  private static String text(JsonNode answer, String key) {
    return Printable.text(answer.path(key).asText());
  }
}
