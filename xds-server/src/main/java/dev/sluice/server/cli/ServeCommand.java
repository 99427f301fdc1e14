package dev.sluice.server.cli;

import dev.sluice.problem.Problem;
import dev.sluice.server.admin.ControlPlane;
import dev.sluice.server.settings.GivenSettings;
import dev.sluice.server.settings.HostPort;
import dev.sluice.server.settings.ServerSettings;
import dev.sluice.server.settings.SettingsFile;
import dev.sluice.server.settings.SettingsKeys;
import dev.sluice.server.settings.SourceSettings;
import dev.sluice.spec.Resilience;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.UsageMessageSpec;
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
      "  sluice serve -f platform -f teams --xds 0.0.0.0:18000 --log-json",
      "  sluice serve -f platform --xds-cert tls.crt --xds-key tls.key --xds-client-ca ca.crt",
      "  sluice serve -c sluice.yaml"
    })
final class ServeCommand implements Callable<Integer> {
  private static final int KEY_WIDTH = 36;
  private static final int MEANING_WIDTH = 44;
  private static final String KEYS = "configurationKeys";

  private final ControlPlane.Starter starter;
  private final Map<String, String> environment;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The server's configuration, with the keys below; options override it.")
  private @Nullable Path config;

  @Option(
      names = {"-f", "--files"},
      paramLabel = "DIR",
      description = "A directory of documents, with those below it; may be given several times.")
  private List<Path> files = List.of();

  @Option(
      names = "--secrets",
      paramLabel = "DIR",
      description =
          "A directory of certificates and keys, NAMESPACE/NAME/ with tls.crt, tls.key and ca.crt;"
              + " may be given several times.")
  private List<Path> secrets = List.of();

  @Option(
      names = "--xds",
      paramLabel = "HOST:PORT",
      converter = HostPortConverter.class,
      description = "Where proxies connect (default: 127.0.0.1:18000; port 0: any free one).")
  private @Nullable HostPort xds;

  @Option(
      names = "--admin",
      paramLabel = "HOST:PORT",
      converter = HostPortConverter.class,
      description =
          "Where the commands connect (default: 127.0.0.1:18001). Elsewhere than on loopback it needs"
              + " admin.tls and admin.tokens in the configuration: it tells all that the server"
              + " knows.")
  private @Nullable HostPort admin;

  @Option(
      names = "--telemetry",
      paramLabel = "HOST:PORT",
      converter = HostPortConverter.class,
      description =
          "Where /livez, /readyz and /metrics are served too, and nothing else, so that it may be"
              + " any address (default: nowhere).")
  private @Nullable HostPort telemetry;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description =
          "Where the last good version of each document is kept, so that a document which is wrong"
              + " when the server starts keeps it, and how rollouts stand, so that they go on from"
              + " there (default: nowhere).")
  private @Nullable Path state;

  @Mixin private XdsTlsOptions tls = new XdsTlsOptions();

  @Mixin private LogOptions log = new LogOptions();

  private ServeCommand(ControlPlane.Starter starter, Map<String, String> environment) {
    this.starter = starter;
    this.environment = environment;
  }

  /**
   * The command, its help with the keys of the configuration.
   *
   * @param environment what <code>${NAME}</code> in the configuration stands for
   */
  static CommandLine commandLine(ControlPlane.Starter starter, Map<String, String> environment) {
    CommandLine command = new CommandLine(new ServeCommand(starter, environment));
    command.getHelpSectionMap().put(KEYS, ServeCommand::keys);
    List<String> sections = new ArrayList<>(command.getHelpSectionKeys());
    sections.add(sections.indexOf(UsageMessageSpec.SECTION_KEY_FOOTER_HEADING), KEYS);
    return command.setHelpSectionKeys(sections);
  }

  @Override
  public Integer call() throws InterruptedException {
    GivenSettings given = options().over(config == null ? GivenSettings.NONE : read(config));
    if (!given.sources().hasDocuments()) {
      throw new ParameterException(
          spec.commandLine(),
          "Which documents? Give a directory with -f, or sources.files,"
              + " sources.kubernetes or sources.consul in the"
              + " file of -c.");
    }
    given.wrongAdmin().ifPresent(wrong -> refuse("--admin: " + wrong));
    ServerSettings settings = given.complete();
    if (!settings.transport().isIdentityProved()) {
      refuse("xds.identity needs clients' certificates; give --xds-client-ca too");
    }
    LogOptions.apply(given);
    Logger logger = LoggerFactory.getLogger("sluice");
    settings.exposedSecrets().ifPresent(logger::warn);
    CountDownLatch stopped = new CountDownLatch(1);
    try (ControlPlane server = starter.start(settings)) {
      Thread hook = Thread.ofPlatform().unstarted(() -> stop(server, logger, stopped));
      Runtime.getRuntime().addShutdownHook(hook);
      logger.info(started(server, given));
      stopped.await();
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.NO, String.valueOf(e.getMessage()));
    }
    return ExitCode.OK;
  }

  private GivenSettings options() {
    for (Path directory : files) {
      SettingsFile.wrongDirectory(directory).ifPresent(wrong -> refuse("--files: " + wrong));
    }
    for (Path directory : secrets) {
      SettingsFile.wrongDirectory(directory).ifPresent(wrong -> refuse("--secrets: " + wrong));
    }
    return new GivenSettings(
        new SourceSettings(files, secrets, List.of(), List.of()),
        xds,
        tls.files(),
        null,
        null,
        admin,
        telemetry,
        null,
        Resilience.NONE,
        null,
        null,
        state,
        log.level(),
        log.json(),
        null,
        null,
        null);
  }

  /** Where it listens, and on what it serves. */
  private static String started(ControlPlane server, GivenSettings given) {
    return "Sluice %s: xDS on %s, admin on %s://%s%s%s, documents from %s"
        .formatted(
            VersionCommand.number(),
            text(server.xdsAddress()),
            given.access() != null && given.access().tls() != null ? "https" : "http",
            text(server.adminAddress()),
            server.telemetryAddress().map(at -> ", telemetry on http://" + text(at)).orElse(""),
            server.webhookAddress().map(at -> ", webhook on https://" + text(at)).orElse(""),
            given.sources().text());
  }

  private void refuse(String message) {
    throw new ParameterException(spec.commandLine(), message);
  }

  private GivenSettings read(Path file) {
    SettingsFile.Reading reading = SettingsFile.read(file, TextFile.read(file), environment);
    reading.problems().forEach(spec.commandLine().getErr()::println);
    if (Problem.anyError(reading.problems())) {
      throw new CommandFailure(ExitCode.NO, file + " has errors; the server was not started");
    }
    return reading.given();
  }

  private static String keys(Help help) {
    TextTable table = TextTable.forColumnWidths(help.colorScheme(), KEY_WIDTH, MEANING_WIDTH);
    for (SettingsKeys.Key key : SettingsKeys.ALL) {
      table.addRowValues("  " + key.path(), key.meaning());
    }
    return "%nKeys of the configuration (${NAME} in a value is an environment variable):%n%s"
        .formatted(table);
  }

  private static void stop(ControlPlane server, Logger logger, CountDownLatch stopped) {
    logger.info("Stopping; proxies go on with what they have");
    server.drain();
    server.close();
    stopped.countDown();
  }

  private static String text(InetSocketAddress address) {
    return new HostPort(address.getAddress().getHostAddress(), address.getPort()).toString();
  }
}
