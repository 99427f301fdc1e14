package dev.sluice.server.cli;

import dev.sluice.server.admin.ControlPlane;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** {@code sluice}: the root of all commands. */
@Command(
    name = "sluice",
    mixinStandardHelpOptions = true,
    description = "An Envoy control plane whose every traffic shift is confirmed by the proxies.",
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice demo                          see a real Envoy follow a policy file",
      "  sluice validate my-policies          all that is wrong, as file:line:column",
      "  sluice serve -f my-policies          run the control plane",
      "  sluice status                        what each proxy has acknowledged",
      "",
      "Exit codes: 0 done; 1 the answer is no (problems found, a proxy is out of sync);",
      "2 wrong usage; 3 the server cannot be reached, is busy, or does not let you.",
      "'sluice COMMAND --help' tells more about a command."
    })
public final class SluiceCommand implements Runnable {
  /** In the order of the help, without those that are given a starter. */
  private static final List<Class<?>> COMMANDS =
      List.of(
          ValidateCommand.class,
          RenderCommand.class,
          RateLimitsCommand.class,
          BootstrapCommand.class,
          GetCommand.class,
          StatusCommand.class,
          HistoryCommand.class,
          CheckCommand.class,
          SnapshotCommand.class,
          ExplainCommand.class,
          DiffCommand.class,
          DrainCommand.class,
          RestoreCommand.class,
          RollbackCommand.class,
          RolloutCommand.class,
          CompletionCommand.class,
          VersionCommand.class,
          HelpCommand.class);

  /** Those that look at the other commands too. */
  private static final Set<Class<?>> OF_ALL = Set.of(CompletionCommand.class, HelpCommand.class);

  @Spec private CommandSpec spec;

  SluiceCommand() {}

  /**
   * Runs the command that {@code args} name.
   *
   * @param starter starts the server, for the commands that run one
   * @return the exit code
   */
  public static int run(String[] args, ControlPlane.Starter starter) {
    CommandLine commandLine = commandLine(args, starter, System.getenv());
    commandLine.setOut(new PrintWriter(System.out, false, StandardCharsets.UTF_8));
    commandLine.setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8));
    int exitCode = commandLine.execute(args);
    commandLine.getOut().flush();
    return exitCode;
  }

  /** The version of this build. */
  public static String version() {
    return VersionCommand.number();
  }

  /** What runs {@code args}: all commands, or the one that they name. */
  static CommandLine commandLine(
      String[] args, ControlPlane.Starter starter, Map<String, String> environment) {
    return alone(args).map(SluiceCommand::with).orElseGet(() -> commandLine(starter, environment));
  }

  /** All commands. */
  static CommandLine commandLine(ControlPlane.Starter starter, Map<String, String> environment) {
    CommandLine commandLine = new CommandLine(new SluiceCommand());
    COMMANDS.forEach(commandLine::addSubcommand);
    return settled(
        commandLine
            .addSubcommand(ServeCommand.commandLine(starter, environment))
            .addSubcommand(new DemoCommand(starter))
            .addSubcommand(new WarmUpCommand(starter)));
  }

  /**
   * The command that the first word names, if it needs no other: to read the annotations of all of
   * them takes longer than most commands do.
   */
  static Optional<Class<?>> alone(String[] args) {
    return COMMANDS.stream()
        .filter(command -> args.length > 0 && name(command).equals(args[0]))
        .filter(command -> !OF_ALL.contains(command))
        .findFirst();
  }

  private static CommandLine with(Class<?> command) {
    return settled(new CommandLine(new SluiceCommand()).addSubcommand(command));
  }

  private static String name(Class<?> command) {
    return Objects.requireNonNull(command.getAnnotation(Command.class)).name();
  }

  private static CommandLine settled(CommandLine commandLine) {
    tellVersion(commandLine, new VersionCommand());
    return commandLine
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setUsageHelpLongOptionsMaxWidth(30)
        .setParameterExceptionHandler(SluiceCommand::wrongUsage)
        .setExecutionExceptionHandler(SluiceCommand::failed);
  }

  /** Every command has {@code --version}, and without a provider it says nothing. */
  private static void tellVersion(CommandLine command, IVersionProvider version) {
    command.getCommandSpec().versionProvider(version);
    command.getSubcommands().values().forEach(each -> tellVersion(each, version));
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Which command? See 'sluice --help'.");
  }

  private static int wrongUsage(ParameterException problem, String[] args) {
    CommandLine command = problem.getCommandLine();
    PrintWriter err = command.getErr();
    err.println("sluice: " + problem.getMessage());
    CommandLine.UnmatchedArgumentException.printSuggestions(problem, err);
    err.println("See '" + command.getCommandSpec().qualifiedName() + " --help'.");
    err.flush();
    return ExitCode.USAGE;
  }

  private static int failed(Exception problem, CommandLine command, ParseResult parsed)
      throws Exception {
    if (problem instanceof CommandFailure failure) {
      command.getErr().println("sluice: " + failure.getMessage());
      command.getErr().flush();
      return failure.exitCode();
    }
    throw problem; // A bug: its trace is wanted.
  }
}
