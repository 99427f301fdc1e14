package dev.sluice.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.sluice.server.cli.EnvoyBinary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;

/**
 * A real Envoy with one worker. Its admin address is its own, whatever the bootstrap says, so that
 * several run side by side. {@link #close} fails when Envoy complained: of a deprecated field, or
 * of configuration that it refused.
 */
public final class EnvoyProcess implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String OWN_ADMIN =
      "admin: {address: {socket_address: {address: 127.0.0.1, port_value: 0}}}";

  /** What a log line says that no configuration of ours may cause. */
  private static final Pattern COMPLAINT =
      Pattern.compile(
          // The one deprecated field that is written: its successor is in no protos for Java.
          "(?!.*OpenTelemetryAccessLogConfig\\.common_config)"
              + "\\[(warning|error|critical)\\].*(?i)(deprecat|rejected|Error adding/updating|duplicate"
              + "|unable to parse|invalid)|\\[critical\\]");

  /** Statistics that count refused configuration, or the use of deprecated fields. */
  private static final Pattern COMPLAINT_COUNTER =
      Pattern.compile(".*(\\.update_rejected|deprecated_feature_use|init_fetch_timeout)");

  private final Process process;
  private final Path log;
  private final Path adminFile;
  private final Thread killer;
  private final List<Pattern> expected = new ArrayList<>();

  private EnvoyProcess(Process process, Path log, Path adminFile) {
    this.process = process;
    this.log = log;
    this.adminFile = adminFile;
    this.killer = new Thread(process::destroyForcibly);
    Runtime.getRuntime().addShutdownHook(killer);
  }

  /** The binary to run; fails with the command that installs it. */
  static Path binary() {
    return EnvoyBinary.find(repository())
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "no Envoy found; install one with: " + EnvoyBinary.INSTALL_COMMAND));
  }

  /** The checkout's root. */
  static Path repository() {
    return Path.of(System.getProperty("repository.root", "."));
  }

  /**
   * Starts an Envoy and waits until its admin answers.
   *
   * @param name of the log file, under {@code target/envoy}
   * @param bootstrap YAML or JSON
   */
  public static EnvoyProcess start(String name, String bootstrap) {
    return start(name, bootstrap, OWN_ADMIN);
  }

  /**
   * Starts one likewise.
   *
   * @param merged what is merged with the bootstrap, and says where the admin listens
   */
  static EnvoyProcess start(String name, String bootstrap, String merged) {
    try {
      Path folder = Files.createDirectories(Path.of("target", "envoy"));
      Path config = Files.writeString(folder.resolve(name + ".yaml"), bootstrap);
      Path log = folder.resolve(name + ".log");
      Path adminFile = folder.resolve(name + ".admin");
      Files.deleteIfExists(adminFile);
      Process process =
          new ProcessBuilder(
                  binary().toString(),
                  "-c",
                  config.toString(),
                  "--config-yaml",
                  merged,
                  "--admin-address-path",
                  adminFile.toString(),
                  "--use-dynamic-base-id",
                  "--concurrency",
                  "1",
                  "--drain-time-s",
                  "1",
                  "--parent-shutdown-time-s",
                  "2")
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      EnvoyProcess envoy = new EnvoyProcess(process, log, adminFile);
      envoy.awaitTrue("its admin to answer", () -> envoy.ask("/server_info").isPresent());
      return envoy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What {@code envoy --mode validate} says of a bootstrap; empty when it has no objection. */
  public static Optional<String> validate(String name, String bootstrap) {
    try {
      Path folder = Files.createDirectories(Path.of("target", "envoy"));
      Path config = Files.writeString(folder.resolve(name + ".yaml"), bootstrap);
      Process process =
          new ProcessBuilder(
                  binary().toString(),
                  "--mode",
                  "validate",
                  "--use-dynamic-base-id",
                  "-c",
                  config.toString())
              .redirectErrorStream(true)
              .start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() == 0 && !COMPLAINT.matcher(output).find()) {
        return Optional.empty();
      }
      return Optional.of(output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** Waits until Envoy is live: its first configuration is complete and its listeners are open. */
  public EnvoyProcess awaitLive() {
    awaitTrue("live", () -> ask("/ready").filter(text -> text.contains("LIVE")).isPresent());
    return this;
  }

  /** Waits until Envoy listens at this loopback port. */
  public EnvoyProcess awaitListener(int port) {
    awaitTrue(
        "a listener at " + port,
        () -> ask("/listeners").filter(text -> text.contains(":" + port)).isPresent());
    return this;
  }

  /** Waits, for a minute at most, until the condition holds. */
  public void awaitTrue(String what, BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (!condition.getAsBoolean()) {
      if (!process.isAlive() || System.nanoTime() > deadline) {
        throw new AssertionError(
            "Envoy "
                + (process.isAlive() ? "is not yet: " + what : "ended with " + process.exitValue())
                + "\n"
                + endOfLog());
      }
      LockSupport.parkNanos(10_000_000);
    }
  }

  /** What the admin answers at a path such as {@code /clusters?format=json}. */
  public String admin(String path) {
    return ask(path).orElseThrow(() -> new AssertionError("no answer to " + path + endOfLog()));
  }

  /** Where its admin listens, {@code host:port}. */
  String adminAddress() {
    return writtenAddress().orElseThrow();
  }

  private Optional<String> writtenAddress() {
    try {
      return Files.exists(adminFile)
          ? Optional.of(Files.readString(adminFile).strip())
              .filter(address -> address.indexOf(':') >= 0) // Else not yet written in full.
          : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Optional<String> ask(String path) {
    return writtenAddress().flatMap(address -> ask(address, path));
  }

  private static Optional<String> ask(String address, String path) {
    int colon = address.lastIndexOf(':');
    int port = Integer.parseInt(address.substring(colon + 1));
    Answer answer = TrafficClient.to(port, address).at(path).once();
    return answer.ok() ? Optional.of(answer.body()) : Optional.empty();
  }

  /** Counters and gauges whose whole names match, by name; those never touched are included. */
  public SortedMap<String, Long> stats(String regex) {
    try {
      SortedMap<String, Long> stats = new TreeMap<>();
      Pattern pattern = Pattern.compile(regex);
      for (JsonNode stat : JSON.readTree(admin("/stats?format=json")).path("stats")) {
        String name = stat.path("name").asText();
        if (stat.path("value").isIntegralNumber() && pattern.matcher(name).matches()) {
          stats.put(name, stat.path("value").asLong());
        }
      }
      return stats;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The sum of the counters and gauges whose whole names match. */
  public long stat(String regex) {
    return stats(regex).values().stream().mapToLong(Long::longValue).sum();
  }

  /** What Envoy has logged so far. */
  public String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its last lines, with where the whole log is. */
  private String endOfLog() {
    List<String> lines = log().lines().toList();
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()))
        + "\n(all of it: "
        + log
        + ")";
  }

  /** Sends a signal, such as {@code STOP}. */
  public void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Lets lines and counters that match pass from now on: the test causes them on purpose. */
  public void expectComplaint(String regex) {
    expected.add(Pattern.compile(regex));
  }

  /** Log lines and counters that tell of deprecated fields or refused configuration. */
  public List<String> complaints() {
    List<String> complaints = new ArrayList<>();
    log().lines().filter(line -> COMPLAINT.matcher(line).find()).forEach(complaints::add);
    if (process.isAlive()) {
      stats(COMPLAINT_COUNTER.pattern())
          .forEach(
              (name, value) -> {
                if (value > 0) {
                  complaints.add(name + ": " + value);
                }
              });
    }
    complaints.removeIf(line -> expected.stream().anyMatch(it -> it.matcher(line).find()));
    return complaints;
  }

  /** Ends Envoy; fails when it complained or had ended by itself. */
  @Override
  public void close() {
    try {
      boolean alive = process.isAlive();
      List<String> complaints = complaints();
      process.destroyForcibly().waitFor();
      Runtime.getRuntime().removeShutdownHook(killer);
      if (!alive) {
        throw new AssertionError("Envoy ended by itself:\n" + endOfLog());
      }
      if (!complaints.isEmpty()) {
        throw new AssertionError(
            "Envoy complained (" + log + "):\n" + String.join("\n", complaints));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
