package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;

/** The end of a command that changed something: it waits for the proxies, and says how it went. */
record Waiting(CommandSpec spec, AdminClient admin, WaitOptions waiting, OutputFormat format) {
  /**
   * Waits, unless that is not wanted, and prints what is left to say.
   *
   * @param answer what the server said of the change; is given what proxies have it
   * @param isRead whether what the server answers there is as it is to be
   * @param source where they are read from
   * @param ends after which it holds no longer by itself; empty for never
   * @return the exit code
   */
  int finish(
      String path,
      ObjectNode answer,
      Predicate<JsonNode> isRead,
      String source,
      Optional<Duration> ends) {
    return finish(path, answer, isRead, List::of, source, ends);
  }

  /**
   * Waits as well, but not for what was refused.
   *
   * @param refusals what proxies refused of what was changed, a line each
   */
  int finish(
      String path,
      ObjectNode answer,
      Predicate<JsonNode> isRead,
      Supplier<List<String>> refusals,
      String source,
      Optional<Duration> ends) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    if (!waiting.isWanted()) {
      if (!format.isText()) {
        format.write(answer, out);
      }
      return ExitCode.OK;
    }
    boolean terminal = spec.commandLine().getColorScheme().ansi().enabled();
    WaitOptions.Progress progress =
        waiting.await(
            admin,
            path,
            isRead,
            refusals,
            ends,
            WaitOptions.line(err, terminal && format.isText()));
    if (!format.isText()) {
      answer.put("inForce", progress.isRead());
      answer.set("proxies", progress.proxies());
      format.write(answer, out);
    } else if (progress.isDone()) {
      out.println(
          progress.proxies().isEmpty() ? "no proxy of this server is concerned" : progress.text());
    }
    if (!progress.isDone()) {
      if (terminal) {
        err.println();
      }
      waiting.missing(progress, source, ends).forEach(line -> err.println("sluice: " + line));
      err.flush();
    }
    return progress.exitCode();
  }
}
