package dev.sluice.server.cli;

import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options that say what the server logs, on standard error. */
final class LogOptions {
  /** How much is logged. */
  enum Level {
    ERROR,
    WARN,
    INFO,
    DEBUG,
    TRACE
  }

  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      description = "error, warn, info (default), debug or trace.")
  private Level level = Level.INFO;

  @Option(names = "--log-json", description = "One JSON object a line, for machines.")
  private boolean json;

  /** Takes effect if it is called before anything has logged: logback.xml reads these. */
  void apply() {
    apply(level, json ? "json" : "text");
  }

  /** Logs as text, and only what is at least that bad. */
  static void quiet(Level level) {
    apply(level, "text");
  }

  /** Logs into a file, where the command has the terminal to itself. */
  static void toFile(Path file) {
    System.setProperty("sluice.log.file", file.toString());
    apply(Level.INFO, "file");
  }

  private static void apply(Level level, String form) {
    System.setProperty("sluice.log.level", level.name());
    System.setProperty("sluice.log.form", form);
  }
}
