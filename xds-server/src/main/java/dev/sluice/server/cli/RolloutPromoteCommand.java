package dev.sluice.server.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice rollout promote}. */
@Command(
    name = "promote",
    description = {
      "Has a rollout go on now, whatever its hold, its approval or its gate says.",
      "A canary goes to its next step, a flip is made. No share grows for a version without a ready instance.",
      "Exit code 1 when it cannot, with the reason."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  sluice rollout promote orders")
final class RolloutPromoteCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Rolls rolls = new Rolls();

  @Override
  public Integer call() {
    return rolls.ask(spec, "promote");
  }
}
