package dev.sluice.e2e;

import dev.sluice.server.app.SluiceServer;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The server as a process of its own, with this one's class path: one that can be killed. */
public final class SluiceProcess implements AutoCloseable {
  private static final Pattern STARTED =
      Pattern.compile("xDS on 127\\.0\\.0\\.1:(\\d+), admin on http://127\\.0\\.0\\.1:(\\d+)");

  /** How long a large cluster may take on a busy machine. */
  private static final Duration READY = Duration.ofMinutes(3);

  private final PeerProcess process;
  private final Path log;
  private final int xdsPort;
  private final int adminPort;

  private SluiceProcess(PeerProcess process, Path log, int xdsPort, int adminPort) {
    this.process = process;
    this.log = log;
    this.xdsPort = xdsPort;
    this.adminPort = adminPort;
  }

  /**
   * Starts a server and waits until it listens.
   *
   * @param folder for its configuration and its log
   * @param name of those
   * @param configuration in YAML, without addresses: they are any free port of loopback
   * @param jvm options of the JVM
   */
  public static SluiceProcess start(Path folder, String name, String configuration, String... jvm) {
    try {
      Path file =
          Files.writeString(folder.resolve(name + ".yaml"), configuration, StandardCharsets.UTF_8);
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.add("--enable-native-access=ALL-UNNAMED");
      command.add("--sun-misc-unsafe-memory-access=allow");
      command.addAll(List.of(jvm));
      // The server's own logback.xml is to be found first, and without doubts about others.
      command.add("-Dlogback.statusListenerClass=ch.qos.logback.core.status.NopStatusListener");
      String server =
          SluiceServer.class.getProtectionDomain().getCodeSource().getLocation().getPath();
      command.addAll(
          List.of("-cp", server + File.pathSeparator + System.getProperty("java.class.path")));
      command.addAll(List.of("dev.sluice.server.app.Main", "serve", "-c", file.toString()));
      command.addAll(List.of("--xds", "127.0.0.1:0", "--admin", "127.0.0.1:0"));
      Path log = folder.resolve(name + ".log");
      Files.deleteIfExists(log);
      return started(PeerProcess.start("Sluice " + name, command, log), log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static SluiceProcess started(PeerProcess process, Path log) {
    try {
      process.awaitTrue("listening", () -> STARTED.matcher(read(log)).find());
      Matcher ports = STARTED.matcher(read(log));
      if (!ports.find()) {
        throw new AssertionError(read(log));
      }
      return new SluiceProcess(
          process, log, Integer.parseInt(ports.group(1)), Integer.parseInt(ports.group(2)));
    } catch (AssertionError e) {
      process.kill();
      throw e;
    }
  }

  private static String read(Path log) {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where proxies connect, on loopback. */
  public int xdsPort() {
    return xdsPort;
  }

  /** Where the admin API is, on loopback. */
  public int adminPort() {
    return adminPort;
  }

  /** What the admin API answers at a path. */
  public String admin(String path) {
    return TrafficClient.to(adminPort, "127.0.0.1:" + adminPort).at(path).once().body();
  }

  /** Waits until every source has synced. */
  public SluiceProcess awaitReady() {
    process.awaitTrue("ready", READY, () -> admin("/readyz").equals("ok\n"));
    return this;
  }

  /** Processor time that it has taken. */
  public Duration cpu() {
    return process.cpu();
  }

  /** How many TCP connections it has to a port of loopback, by Linux's tables. */
  public long connectionsTo(int port) {
    return process.connectionsTo(port);
  }

  /** What it has logged so far. */
  public String log() {
    return read(log);
  }

  /** Lets it hang: connections stay open, and nothing is said on them. */
  public void pause() {
    process.signal("STOP");
  }

  /** Lets a paused one go on. */
  public void resume() {
    process.signal("CONT");
  }

  /** Ends it at once, as {@code kill -9} does. */
  public void kill() {
    process.kill();
  }

  /** Has it end in good order, and waits for that. */
  public void stop() {
    process.signal("TERM");
    process.awaitEnd();
  }

  /** Whether it has not ended. */
  public boolean isAlive() {
    return process.isAlive();
  }

  @Override
  public void close() {
    if (process.isAlive()) {
      kill();
    }
  }
}
