package dev.sluice.server.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice rollout resume}. */
@Command(
    name = "resume",
    description = {
      "Has a paused rollout go on.",
      "One that went back, or was given up, begins anew.",
      "Exit code 1 when it cannot, with the reason."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  sluice rollout resume orders")
final class RolloutResumeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Rolls rolls = new Rolls();

  @Override
  public Integer call() {
    return rolls.ask(spec, "resume");
  }
}
