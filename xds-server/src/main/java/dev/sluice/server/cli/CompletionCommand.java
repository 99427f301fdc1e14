package dev.sluice.server.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code sluice completion}: a script by which a shell completes the commands. */
@Command(
    name = "completion",
    description = {
      "Prints a script by which a shell completes commands, options and their values.",
      "Have the shell read it at its start."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  sluice completion fish > ~/.config/fish/completions/sluice.fish",
      "  source <(sluice completion bash)                       in ~/.bashrc",
      "  source <(sluice completion zsh)                        in ~/.zshrc"
    })
final class CompletionCommand implements Callable<Integer> {
  /** The shells that are known. */
  enum Shell {
    BASH,
    ZSH,
    FISH
  }

  /** What zsh needs, so that it understands a script for bash. */
  private static final String IN_ZSH =
      "(( $+functions[compdef] )) || { autoload -Uz compinit && compinit; }\n";

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "SHELL", description = "bash, zsh or fish.")
  private Shell shell = Shell.BASH;

  @Override
  public Integer call() {
    CommandLine root = spec.root().commandLine();
    PrintWriter out = spec.commandLine().getOut();
    out.print(
        switch (shell) {
          case BASH -> AutoComplete.bash(root.getCommandName(), root);
          case ZSH -> IN_ZSH + AutoComplete.bash(root.getCommandName(), root);
          case FISH -> FishCompletion.of(root);
        });
    return ExitCode.OK;
  }
}
