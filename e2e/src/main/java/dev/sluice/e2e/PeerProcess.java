package dev.sluice.e2e;

import static java.util.stream.Collectors.toSet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/** A peer's process with its log; it ends with this JVM, if not before. */
final class PeerProcess {
  private static final int SHOWN_OF_LOG = 3000;
  private static final int REMOTE = 2;
  private static final int INODE = 9;

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

  /**
   * How many TCP connections over IPv4 and IPv6 it has to a port; see proc(5), /proc/PID/net/tcp.
   */
  long connectionsTo(int port) {
    Path proc = Path.of("/proc", String.valueOf(process.pid()));
    String remote = ":%04X".formatted(port);
    try (Stream<Path> files = Files.list(proc.resolve("fd"))) {
      Set<String> sockets =
          files
              .map(PeerProcess::target)
              .filter(name -> name.startsWith("socket:["))
              .collect(toSet());
      return Stream.of("tcp", "tcp6")
          .flatMap(table -> lines(proc.resolve("net").resolve(table)))
          .map(line -> line.strip().split("\\s+"))
          .filter(fields -> fields.length > INODE && fields[REMOTE].endsWith(remote))
          .filter(fields -> sockets.contains("socket:[" + fields[INODE] + "]"))
          .count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return ""; // Closed meanwhile.
    }
  }

  private static Stream<String> lines(Path file) {
    try {
      return Files.readAllLines(file).stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
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

  /** Waits, for a minute at most, until it has ended. */
  void awaitEnd() {
    try {
      if (!process.waitFor(1, TimeUnit.MINUTES)) {
        throw new AssertionError(name + " does not end\n" + endOfLog());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
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
