package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.policy.parse.DocumentParser;
import dev.sluice.policy.parse.Durations;
import dev.sluice.server.cli.RolloutLooks.Seen;
import dev.sluice.source.DocumentReader.Item;
import dev.sluice.spec.TrafficPolicy;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** {@code sluice rollout status --wait}: ends when nothing more happens by itself. */
final class RolloutWait {
  @Option(
      names = "--wait",
      description = {
        "Wait until the rollout has moved all of the traffic (exit code 0), or goes no further by",
        "itself, or the newest edition of its policy does not hold (exit code 1), and tell of each",
        "change."
      })
  private boolean wait;

  @Option(
      names = {"-f", "--files"},
      arity = "1..*",
      paramLabel = "PATH",
      description = {
        "With --wait: for the rollout of the very edition in these files, and not for what was",
        "before the server has read it. POLICY may be left out where one policy in them has one."
      })
  private List<Path> paths = List.of();

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "1h",
      converter = DurationConverter.class,
      description = "How long --wait waits (default: 1h); then the exit code is 1.")
  private Duration timeout = Duration.ofHours(1);

  boolean isWanted() {
    return wait || !paths.isEmpty();
  }

  /**
   * Waits, and tells how it goes.
   *
   * @param named whose rollout; empty for that of the files
   * @return the exit code
   */
  int run(CommandSpec spec, OutputFormat format, Optional<DocumentName> named, AdminClient admin) {
    if (!wait) {
      throw new ParameterException(
          spec.commandLine(), "-f is for who waits: sluice rollout status --wait -f PATH");
    }
    if (named.isEmpty() && paths.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(),
          "--wait is for one rollout; name its policy, or its files: --wait -f PATH");
    }
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    Optional<ArrayNode> files =
        paths.isEmpty() ? Optional.empty() : Optional.of(DocumentFiles.read(paths));
    if (named.isEmpty() && files.filter(RolloutWait::haveNone).isPresent()) {
      throw new CommandFailure(ExitCode.USAGE, "no policy in the files has a rollout");
    }
    RolloutLooks looks = new RolloutLooks(named, files, admin);
    String[] told = {""};
    Seen last =
        new Looks(timeout)
            .until(
                Seen.NOTHING,
                looks::after,
                Seen::isOver,
                now -> {
                  boolean isWrong = now.failure().isPresent() && now.isOver();
                  boolean isNews = now.wrong().isEmpty() && !isWrong && !now.line().equals(told[0]);
                  if (format.isText() && isNews) {
                    out.println(now.line());
                    out.flush();
                    told[0] = now.line();
                  }
                });
    if (!format.isText()) {
      format.write(
          last.rollout().isMissingNode() ? JsonNodeFactory.instance.objectNode() : last.rollout(),
          out);
      out.flush();
    }
    last.wrong().forEach(line -> err.println("sluice: " + line));
    last.failure()
        .filter(_ -> last.isOver())
        .ifPresent(it -> err.println("sluice: " + it.getMessage()));
    if (!last.isOver()) {
      boolean isThere = !last.rollout().isMissingNode();
      err.println(
          "sluice: it is not over after "
              + Durations.text(timeout)
              + (isThere ? ", and goes on" : ": " + last.line()));
    }
    err.flush();
    return last.failure()
        .filter(it -> last.isOver())
        .map(CommandFailure::exitCode)
        .orElse(last.isGood() ? ExitCode.OK : ExitCode.NO);
  }

  /** Whether all of it can be read and there is no rollout in it, so that none will ever come. */
  private static boolean haveNone(ArrayNode files) {
    return StreamSupport.stream(files.spliterator(), false)
        .map(
            file ->
                DocumentParser.reader()
                    .read(file.path("file").asText(), file.path("text").asText()))
        .allMatch(it -> it.complete() && it.items().stream().allMatch(RolloutWait::hasNone));
  }

  private static boolean hasNone(Item item) {
    return item.document()
        .filter(it -> !(it instanceof TrafficPolicy policy && policy.spec().rollout() != null))
        .isPresent();
  }
}
