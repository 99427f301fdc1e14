package dev.sluice.server.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice rollout pause}. */
@Command(
    name = "pause",
    description = {
      "Has a rollout go no further until it is resumed.",
      "A change that proxies are acknowledging is still counted; nothing new begins.",
      "Exit code 1 when it cannot, with the reason."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  sluice rollout pause orders")
final class RolloutPauseCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Rolls rolls = new Rolls();

  @Override
  public Integer call() {
    return rolls.ask(spec, "pause");
  }
}
