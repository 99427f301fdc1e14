package dev.sluice.server.cli;

import java.io.PrintWriter;
import java.io.Writer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/**
 * {@code sluice warm-up}: runs what people ask most, so that the JVM that watches it can lay down
 * the classes ahead of time. The launcher calls it once after a build.
 */
@Command(name = "warm-up", hidden = true)
final class WarmUpCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    @Nullable String home = System.getProperty("sluice.home");
    String quickstart = Path.of(home == null ? "." : home, "examples", "quickstart").toString();
    List<List<String>> commands =
        List.of(
            List.of("--help"),
            List.of("version"),
            List.of("validate", quickstart),
            List.of("render", "-f", quickstart),
            List.of("bootstrap", "--role", "gateway", "--service", "a"),
            List.of("get", "services", "--server", "http://127.0.0.1:1"),
            List.of("status", "--server", "http://127.0.0.1:1", "-o", "yaml"));
    CommandLine root = spec.root().commandLine();
    PrintWriter nowhere = new PrintWriter(Writer.nullWriter());
    root.setOut(nowhere).setErr(nowhere);
    commands.forEach(command -> root.execute(command.toArray(String[]::new)));
    return ExitCode.OK;
  }
}
