package dev.sluice.server.cli;

import dev.sluice.server.admin.ControlPlane;
import dev.sluice.server.settings.HostPort;
import dev.sluice.server.settings.ServerSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code sluice warm-up}: runs a server and what people ask it most, so that the JVM that watches
 * it can lay down the classes ahead of time. The launcher calls it once after a build.
 */
@Command(name = "warm-up", hidden = true)
final class WarmUpCommand implements Callable<Integer> {
  private static final HostPort ANY_PORT = new HostPort("127.0.0.1", 0);

  private final ControlPlane.Starter starter;

  @Spec private CommandSpec spec;

  WarmUpCommand(ControlPlane.Starter starter) {
    this.starter = starter;
  }

  @Override
  public Integer call() throws IOException {
    @Nullable String home = System.getProperty("sluice.home");
    Path quickstart = Path.of(home == null ? "." : home, "examples", "quickstart");
    run("--help");
    run("version");
    run("validate", quickstart.toString());
    run("render", "-f", quickstart.toString());
    run("bootstrap", "--role", "gateway", "--service", "a");
    try (ControlPlane server =
        starter.start(ServerSettings.of(List.of(quickstart), ANY_PORT, ANY_PORT))) {
      ask(server, "status", "--wait", "shop/orders", "--timeout", "10s");
      ask(server, "status");
      ask(server, "status", "-o", "yaml");
      ask(server, "get", "services");
      ask(server, "get", "proxies");
      ask(server, "diff", "-f", quickstart.toString());
    }
    return ExitCode.OK;
  }

  private void ask(ControlPlane server, String... words) {
    String address = "http://127.0.0.1:" + server.adminAddress().getPort();
    run(Stream.concat(Stream.of(words), Stream.of("--server", address)).toArray(String[]::new));
  }

  private void run(String... words) {
    CommandLine root = spec.root().commandLine();
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    root.setOut(nowhere).setErr(nowhere);
    root.execute(words);
  }
}
