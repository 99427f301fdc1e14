package dev.sluice.server.cli;

import dev.sluice.problem.Problem;
import dev.sluice.problem.Severity;
import dev.sluice.server.demo.Ink;
import picocli.CommandLine.Model.CommandSpec;

/** What colour the commands give to what they print. */
final class Colours {
  private Colours() {}

  /**
   * Colours where picocli finds them in place: on a terminal, and as {@code NO_COLOR}, {@code
   * CLICOLOR} and {@code CLICOLOR_FORCE} say.
   */
  static Ink of(CommandSpec spec) {
    return spec.commandLine().getColorScheme().ansi().enabled() ? Ink.COLOUR : Ink.NONE;
  }

  /** A problem as its own text has it, the place bold and the rest of its mark by its severity. */
  static String problem(Problem problem, Ink ink) {
    String mark =
        problem.severity() == Severity.ERROR
            ? ink.bad(problem.path() + ":")
            : ink.doubtful(problem.path() + ": warning:");
    return ink.bold(problem.location().toString()) + " " + mark + " " + problem.message();
  }

  /** {@code text}, which says whether an instance is ready. */
  static String health(String text, Ink ink) {
    return switch (text) {
      case "HEALTHY" -> ink.good(text);
      case "UNHEALTHY" -> ink.bad(text);
      default -> ink.doubtful(text);
    };
  }

  /** {@code text}, which says how a proxy stands with what it was sent. */
  static String state(String state, String text, Ink ink) {
    return switch (state) {
      case "SYNCED" -> ink.good(text);
      case "NACKED" -> ink.bad(text);
      default -> ink.doubtful(text);
    };
  }
}
