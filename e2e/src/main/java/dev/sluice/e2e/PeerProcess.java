package dev.sluice.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** A peer's process with its log; it ends with this JVM, if not before. */
final class PeerProcess {
  private static final int SHOWN_OF_LOG = 3000;

  private final String name;
  private final Process process;
  private final Path log;
  private final Thread killer;

  private PeerProcess(String name, Process process, Path log) {
    this.name = name;
    this.process = process;
    this.log = log;
    this.killer = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(killer);
  }

  static PeerProcess start(String name, List<String> command, Path log) {
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      return new PeerProcess(name, process, log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits, for 60 seconds at most, until the condition holds. */
  void awaitTrue(String what, BooleanSupplier condition) {
    awaitTrue(what, Duration.ofMinutes(1), condition);
  }

  /** Waits until the condition holds. */
  void awaitTrue(String what, Duration atMost, BooleanSupplier condition) {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (!condition.getAsBoolean()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new AssertionError(
            name
                + (process.isAlive() ? " is not yet: " + what : " ended: " + process.exitValue())
                + "\n"
                + endOfLog());
      }
      LockSupport.parkNanos(50_000_000);
    }
  }

  /** Whether it has not ended. */
  boolean isAlive() {
    return process.isAlive();
  }

  /** Processor time that it has taken. */
  Duration cpu() {
    return process.toHandle().info().totalCpuDuration().orElse(Duration.ZERO);
  }

  private String endOfLog() {
    try {
      String text = Files.readString(log);
      return text.substring(Math.max(0, text.length() - SHOWN_OF_LOG));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Sends a signal, such as {@code STOP}. */
  void signal(String signal) {
    KubernetesCluster.CommandResult.of(
        List.of("kill", "-" + signal, String.valueOf(process.pid())), "");
  }

  /** Ends it at once, and waits until it has ended. */
  void kill() {
    process.destroyForcibly();
    try {
      process.waitFor();
      Runtime.getRuntime().removeShutdownHook(killer);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IllegalStateException e) {
      // The JVM ends already.
    }
  }
}
