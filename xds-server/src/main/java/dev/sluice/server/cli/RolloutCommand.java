package dev.sluice.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** {@code sluice rollout}: how traffic goes from one version to another. */
@Command(
    name = "rollout",
    description = "Shows how rollouts stand, and has them go on, pause, or give the traffic back.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      RolloutStatusCommand.class,
      RolloutPromoteCommand.class,
      RolloutPauseCommand.class,
      RolloutResumeCommand.class,
      RolloutAbortCommand.class,
      HelpCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice rollout status -w orders",
      "  sluice rollout promote orders",
      "  sluice rollout abort shop/orders"
    })
final class RolloutCommand {}
