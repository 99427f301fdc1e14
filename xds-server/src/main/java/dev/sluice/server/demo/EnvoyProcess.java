package dev.sluice.server.demo;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A real Envoy with one worker, its log in a file. */
final class EnvoyProcess implements AutoCloseable {
  private static final int LAST_LINES = 10;

  private final Process process;
  private final Path log;

  private EnvoyProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts an Envoy; does not wait for it.
   *
   * @param binary the program
   * @param bootstrap YAML
   * @param folder where its files go
   */
  static EnvoyProcess start(Path binary, String bootstrap, Path folder)
      throws IOException, DemoException {
    Path config = Files.writeString(folder.resolve("envoy.yaml"), bootstrap);
    Path log = folder.resolve("envoy.log");
    ProcessBuilder command =
        new ProcessBuilder(
                binary.toString(),
                "--config-path",
                config.toString(),
                "--concurrency",
                "1",
                "--disable-hot-restart")
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    try {
      return new EnvoyProcess(command.start(), log);
    } catch (IOException e) {
      throw new DemoException("cannot run " + binary + ": " + e.getMessage());
    }
  }

  /**
   * Nothing as long as it runs.
   *
   * @throws DemoException when it has ended, with its last words
   */
  void check() throws DemoException {
    if (!process.isAlive()) {
      throw new DemoException("Envoy ended with exit code " + process.exitValue() + ".\n" + end());
    }
  }

  /** The end of its log, for people. */
  String end() {
    try {
      List<String> lines = Files.readString(log, StandardCharsets.UTF_8).lines().toList();
      List<String> last = lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size());
      return last.isEmpty()
          ? "It logged nothing."
          : "The last lines of its log:\n  " + String.join("\n  ", last);
    } catch (IOException e) {
      return "Its log cannot be read: " + e.getMessage();
    }
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(2, TimeUnit.SECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
