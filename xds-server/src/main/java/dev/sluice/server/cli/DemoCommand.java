package dev.sluice.server.cli;

import dev.sluice.server.admin.ControlPlane;
import dev.sluice.server.demo.Demo;
import dev.sluice.server.demo.DemoException;
import dev.sluice.server.demo.DemoSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code sluice demo}: a real Envoy that follows a policy file. */
@Command(
    name = "demo",
    description = {
      "Shows a real Envoy follow a policy file that you edit.",
      "It starts the control plane, an Envoy, two versions of a small service and traffic, and shows",
      "which version answers. Ctrl-C ends it and removes what it made."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice demo                      edit the file that it names, and watch",
      "  sluice demo --dir my-policies    the same, with documents that stay",
      "  sluice demo --once               the edits by themselves; exit code 1 if a request failed"
    })
final class DemoCommand implements Callable<Integer> {
  private final ControlPlane.Starter starter;

  @Spec private CommandSpec spec;

  @Option(
      names = "--once",
      description =
          "By itself: 100/0, 90/10, 50/50, blue to green, an instance dies. Fails if one request"
              + " failed or a share was not as asked.")
  private boolean once;

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description = "A new directory for the documents, which stays (default: a temporary one).")
  private @Nullable Path directory;

  DemoCommand(ControlPlane.Starter starter) {
    this.starter = starter;
  }

  @Override
  public Integer call() throws InterruptedException {
    Path home = Path.of(System.getProperty("sluice.home", "."));
    Path envoy = EnvoyBinary.find(home).orElseThrow(DemoCommand::noEnvoy);
    try {
      Path work = Files.createTempDirectory("sluice-demo-");
      LogOptions.toFile(work.resolve("server.log"));
      Path documents = Optional.ofNullable(directory).orElse(work.resolve("documents"));
      Path examples = home.resolve("examples").resolve("quickstart");
      DemoSettings settings =
          new DemoSettings(envoy, examples, documents.toAbsolutePath(), directory != null, work);
      return run(new Demo(settings, starter, System.out));
    } catch (IOException | DemoException e) {
      throw new CommandFailure(ExitCode.NO, String.valueOf(e.getMessage()));
    }
  }

  private int run(Demo demo) throws DemoException, InterruptedException {
    if (once) {
      return demo.once() ? ExitCode.OK : ExitCode.NO;
    }
    demo.show(Colours.of(spec));
    return ExitCode.OK;
  }

  private static CommandFailure noEnvoy() {
    String named = System.getenv().getOrDefault("SLUICE_ENVOY", "");
    return new CommandFailure(
        ExitCode.NO,
        named.isEmpty()
            ? "there is no Envoy; install one with: " + EnvoyBinary.INSTALL_COMMAND
            : "SLUICE_ENVOY names " + named + ", which is no program");
  }
}
