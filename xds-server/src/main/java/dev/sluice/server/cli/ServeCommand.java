package dev.sluice.server.cli;

import dev.sluice.server.admin.ControlPlane;
import dev.sluice.server.settings.HostPort;
import dev.sluice.server.settings.ServerSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code sluice serve}: runs the control plane until it is told to stop. */
@Command(
    name = "serve",
    description = "Runs the control plane on the documents in directories, which it watches.",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice serve -f my-policies",
      "  sluice serve -f platform -f teams --xds 0.0.0.0:18000 --log-json"
    })
final class ServeCommand implements Callable<Integer> {
  private final ControlPlane.Starter starter;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-f", "--files"},
      required = true,
      paramLabel = "DIR",
      description = "A directory of documents, with those below it; may be given several times.")
  private List<Path> files = List.of();

  @Option(
      names = "--xds",
      paramLabel = "HOST:PORT",
      converter = HostPortConverter.class,
      description = "Where proxies connect (default: 127.0.0.1:18000; port 0: any free one).")
  private HostPort xds = ServerSettings.DEFAULT_XDS;

  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      converter = HostPortConverter.class,
      description =
          "Where the commands, probes and Prometheus connect (default: 127.0.0.1:18001). It tells"
              + " all that the server knows to whoever can connect.")
  private HostPort admin = ServerSettings.DEFAULT_ADMIN;

  @Mixin private LogOptions log = new LogOptions();

  ServeCommand(ControlPlane.Starter starter) {
    this.starter = starter;
  }

  @Override
  public Integer call() throws InterruptedException {
    for (Path directory : files) {
      if (!Files.isDirectory(directory)) {
        throw new ParameterException(
            spec.commandLine(), "--files: " + directory + " is no directory; create it first");
      }
    }
    log.apply();
    Logger logger = LoggerFactory.getLogger("sluice");
    CountDownLatch stopped = new CountDownLatch(1);
    try (ControlPlane server = starter.start(new ServerSettings(files, xds, admin))) {
      Thread hook = Thread.ofPlatform().unstarted(() -> stop(server, logger, stopped));
      Runtime.getRuntime().addShutdownHook(hook);
      logger.info(
          "Sluice {}: xDS on {}, admin on http://{}, documents from {}",
          VersionCommand.number(),
          text(server.xdsAddress()),
          text(server.adminAddress()),
          files);
      stopped.await();
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.NO, String.valueOf(e.getMessage()));
    }
    return ExitCode.OK;
  }

  private static void stop(ControlPlane server, Logger logger, CountDownLatch stopped) {
    logger.info("Stopping; proxies go on with what they have");
    server.close();
    stopped.countDown();
  }

  private static String text(java.net.InetSocketAddress address) {
    return new HostPort(address.getAddress().getHostAddress(), address.getPort()).toString();
  }
}
