package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.policy.parse.Durations;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** {@code sluice rollout status --wait}: ends when nothing more happens by itself. */
final class RolloutWait {
  private static final Set<String> GOOD = Set.of("COMPLETE", "KEEPING");
  private static final Set<String> OVER =
      Set.of("COMPLETE", "KEEPING", "REVERTED", "GIVEN_UP", "BLOCKED", "APPROVING");

  @Option(
      names = "--wait",
      description = {
        "Wait until the rollout has moved all of the traffic (exit code 0), or goes no further by",
        "itself (exit code 1), and tell of each change."
      })
  private boolean wait;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "1h",
      converter = DurationConverter.class,
      description = "How long --wait waits (default: 1h); then the exit code is 1.")
  private Duration timeout = Duration.ofHours(1);

  boolean isWanted() {
    return wait;
  }

  private record Seen(JsonNode rollout, Optional<CommandFailure> failure) {
    boolean isOver() {
      return failure.filter(CommandFailure::endsWait).isPresent()
          || (failure.isEmpty()
              && rollout.path("takenUp").asBoolean()
              && (rollout.has("paused") || OVER.contains(rollout.path("phase").asText())));
    }

    boolean isGood() {
      return failure.isEmpty() && isOver() && GOOD.contains(rollout.path("phase").asText());
    }
  }

  /**
   * Waits, and tells how it goes.
   *
   * @param look asks for the rollout
   * @return the exit code
   */
  int run(CommandSpec spec, OutputFormat format, Supplier<JsonNode> look) {
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    String[] told = {""};
    Seen last =
        new Looks(timeout)
            .until(
                new Seen(JsonNodeFactory.instance.missingNode(), Optional.empty()),
                before -> look(before, look),
                Seen::isOver,
                now -> {
                  String line = now.failure().map(Throwable::getMessage).orElseGet(() -> line(now));
                  if (format.isText() && !line.equals(told[0])) {
                    out.println(line);
                    out.flush();
                    told[0] = line;
                  }
                });
    if (!format.isText()) {
      format.write(last.rollout(), out);
      out.flush();
    }
    if (!last.isOver()) {
      err.println("sluice: it is not over after " + Durations.text(timeout) + ", and goes on");
      err.flush();
    }
    return last.failure()
        .filter(it -> last.isOver())
        .map(CommandFailure::exitCode)
        .orElse(last.isGood() ? ExitCode.OK : ExitCode.NO);
  }

  private static Seen look(Seen before, Supplier<JsonNode> look) {
    try {
      return new Seen(look.get(), Optional.empty());
    } catch (CommandFailure e) {
      return new Seen(before.rollout(), Optional.of(e));
    }
  }

  private static String line(Seen seen) {
    return seen.rollout().path("takenUp").asBoolean()
        ? RolloutText.line(seen.rollout())
        : RolloutText.name(seen.rollout()) + ": its edit is being taken up";
  }
}
