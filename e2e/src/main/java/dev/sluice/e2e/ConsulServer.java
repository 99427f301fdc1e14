package dev.sluice.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A real Consul server on loopback, which can be killed, paused, and started again on its data. */
public final class ConsulServer implements AutoCloseable {
  private final ConsulOptions settings;
  private final String node;
  private final Path folder;
  private final ConsulPorts ports;
  private final ConsulApi api;
  private @Nullable PeerProcess process;

  ConsulServer(
      ConsulOptions settings,
      String node,
      Path folder,
      ConsulPorts ports,
      List<ConsulPorts> members) {
    this.settings = settings;
    this.node = node;
    this.folder = folder;
    this.ports = ports;
    this.api = new ConsulApi(address(), settings.managementToken(), Optional.empty());
    try {
      Files.createDirectories(folder);
      Files.writeString(
          folder.resolve("consul.json"),
          ConsulConfiguration.of(settings, node, folder.resolve("data"), ports, members));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Starts the only server of a data centre, and waits until it has elected itself.
   *
   * @param folder for its configuration, data and log; one of its own
   */
  public static ConsulServer start(Path folder, ConsulOptions settings) {
    ConsulPorts ports = ConsulPorts.free();
    ConsulServer server =
        new ConsulServer(settings, settings.datacenter() + "-1", folder, ports, List.of(ports));
    try {
      server.start();
      return server;
    } catch (RuntimeException | Error e) {
      server.close();
      throw e;
    }
  }

  /** Starts it, at its ports and on its data, and waits until it knows a leader and itself. */
  public void start() {
    launch();
    awaitReady();
  }

  /** Starts its process. */
  void launch() {
    close();
    process =
        PeerProcess.start(
            "Consul " + node,
            List.of(
                ConsulBinary.path().toString(),
                "agent",
                "-config-file=" + folder.resolve("consul.json")),
            folder.resolve("consul.log"));
  }

  /** Waits, for a minute at most, until the condition holds. */
  void await(String what, BooleanSupplier condition) {
    running().awaitTrue(what, condition);
  }

  /** Waits until its data centre has a leader and its catalog has this server, in good health. */
  void awaitReady() {
    await(
        "ready, with a leader",
        () -> {
          ConsulReply health = api.tryGet("/v1/health/node/" + node);
          return health.ok() && health.body().contains("\"Status\":\"passing\"");
        });
  }

  /** Its HTTP API, with the token of the user who may do everything where ACLs are on. */
  public ConsulApi api() {
    return api;
  }

  /** Its settings. */
  public ConsulOptions settings() {
    return settings;
  }

  /** The name of the node that it is. */
  public String node() {
    return node;
  }

  /** Where its HTTP API is, such as {@code http://127.0.0.1:8500}. */
  public String address() {
    return "http://127.0.0.1:" + ports.http();
  }

  ConsulPorts ports() {
    return ports;
  }

  /** Whether its process has been started and has not ended. */
  public boolean isRunning() {
    return process != null && process.isAlive();
  }

  /** Ends it at once, as {@code kill -9} does; its data stays. */
  public void kill() {
    running().kill();
  }

  /** Lets it hang: connections stay open, and nothing is said on them. */
  public void pause() {
    running().signal("STOP");
  }

  /** Lets a paused one go on. */
  public void resume() {
    running().signal("CONT");
  }

  /** What it has logged so far. */
  public String log() {
    try {
      return Files.readString(folder.resolve("consul.log"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private PeerProcess running() {
    if (process == null) {
      throw new IllegalStateException("Consul " + node + " was not started");
    }
    return process;
  }

  @Override
  public void close() {
    if (isRunning()) {
      kill();
    }
  }
}
