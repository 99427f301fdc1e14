package dev.sluice.e2e;

import dev.sluice.e2e.KubernetesCluster.CommandResult;
import dev.sluice.server.app.SluiceServer;
import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The commands, each as a process of its own, as people call them against a running server. */
public record SluiceCommandLine(int adminPort) {
  /** Runs a command. */
  public CommandResult run(String... arguments) {
    return offline(
        Stream.concat(Stream.of(arguments), Stream.of("--server=http://127.0.0.1:" + adminPort))
            .toArray(String[]::new));
  }

  /** Runs a command that needs no server. */
  public static CommandResult offline(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:TieredStopAtLevel=1"); // It ends soon.
    String server =
        SluiceServer.class.getProtectionDomain().getCodeSource().getLocation().getPath();
    command.addAll(
        List.of("-cp", server + File.pathSeparator + System.getProperty("java.class.path")));
    command.add("dev.sluice.server.app.Main");
    command.addAll(List.of(arguments));
    return CommandResult.of(command, "");
  }

  /** Runs a command that is to succeed, and gives what it printed. */
  public String succeed(String... arguments) {
    return expect(0, arguments);
  }

  /** Runs a command that is to end with this exit code, and gives what it printed. */
  public String expect(int exitCode, String... arguments) {
    CommandResult result = run(arguments);
    if (result.exitCode() != exitCode) {
      throw new AssertionError(
          "sluice %s ended with %d: %s"
              .formatted(String.join(" ", arguments), result.exitCode(), result.output()));
    }
    return result.output();
  }
}
