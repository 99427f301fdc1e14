package dev.sluice.server.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;

/** {@code sluice get}: what a server knows. */
@Command(
    name = "get",
    description = "Shows what a server knows.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      GetServicesCommand.class,
      GetPoliciesCommand.class,
      GetGatewaysCommand.class,
      GetOverridesCommand.class,
      GetProxiesCommand.class,
      GetSourcesCommand.class,
      HelpCommand.class
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice get services -n shop",
      "  sluice get policies -o wide",
      "  sluice get proxies --watch"
    })
final class GetCommand {}
