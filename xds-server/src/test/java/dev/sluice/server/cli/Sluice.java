package dev.sluice.server.cli;

import dev.sluice.server.admin.ControlPlane;
import dev.sluice.server.settings.ServerSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Help;

/** Runs commands and keeps what they print. */
final class Sluice {
  /** The folder of the repository: tests run in that of their module. */
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  private Sluice() {}

  /** What a command answered. */
  record Answer(int exitCode, String out, String err) {}

  /** Runs a command that starts no server. */
  static Answer run(String... args) {
    return run(Sluice::noServer, args);
  }

  /** Runs a command that starts no server, as on a terminal with colours. */
  static Answer runInColour(String... args) {
    return run(Help.Ansi.ON, Sluice::noServer, Map.of(), args);
  }

  private static ControlPlane noServer(ServerSettings settings) throws IOException {
    throw new IOException("no server is started here: " + settings);
  }

  static Answer run(ControlPlane.Starter starter, String... args) {
    return run(starter, Map.of(), args);
  }

  static Answer run(ControlPlane.Starter starter, Map<String, String> environment, String... args) {
    return run(Help.Ansi.OFF, starter, environment, args);
  }

  private static Answer run(
      Help.Ansi ansi,
      ControlPlane.Starter starter,
      Map<String, String> environment,
      String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine = SluiceCommand.commandLine(args, starter, environment);
    commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    commandLine.setColorScheme(Help.defaultColorScheme(ansi));
    int exitCode = commandLine.execute(args);
    commandLine.getOut().flush();
    commandLine.getErr().flush();
    return new Answer(exitCode, out.toString(), err.toString());
  }

  static String example(String... parts) {
    Path path = ROOT.resolve("examples");
    for (String part : parts) {
      path = path.resolve(part);
    }
    return path.toString();
  }
}
