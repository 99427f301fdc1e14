package dev.sluice.server.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code sluice rollout abort}. */
@Command(
    name = "abort",
    description = {
      "Gives all of the traffic back to the version that had it.",
      "It stays there until the policy is edited, or 'sluice rollout resume' begins it anew.",
      "Exit code 1 when it cannot, with the reason."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExample:%n",
    footer = "  sluice rollout abort orders")
final class RolloutAbortCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;
  @Mixin private Rolls rolls = new Rolls();

  @Override
  public Integer call() {
    return rolls.ask(spec, "abort");
  }
}
