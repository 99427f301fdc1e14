package dev.sluice.server.cli;

import dev.sluice.server.settings.GivenSettings;
import dev.sluice.server.settings.LogLevel;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine.Option;

/** The options that say what the server logs, on standard error. */
final class LogOptions {
  @Option(
      names = "--log-level",
      paramLabel = "LEVEL",
      description = "error, warn, info (default), debug or trace.")
  private @Nullable LogLevel level;

  @Option(
      names = "--log-json",
      negatable = true,
      description = "One JSON object a line, for machines.")
  private @Nullable Boolean json;

  @Nullable LogLevel level() {
    return level;
  }

  @Nullable Boolean json() {
    return json;
  }

  /** Takes effect if it is called before anything has logged: logback.xml reads these. */
  static void apply(GivenSettings settings) {
    apply(
        Objects.requireNonNullElse(settings.logLevel(), LogLevel.INFO),
        Boolean.TRUE.equals(settings.logJson()) ? "json" : "text");
  }

  /** Logs into a file, where the command has the terminal to itself. */
  static void toFile(Path file) {
    System.setProperty("sluice.log.file", file.toString());
    apply(LogLevel.INFO, "file");
  }

  private static void apply(LogLevel level, String form) {
    System.setProperty("sluice.log.level", level.name());
    System.setProperty("sluice.log.form", form);
    // gRPC logs by java.util.logging, which would write to standard error in a form of its own.
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
  }
}
