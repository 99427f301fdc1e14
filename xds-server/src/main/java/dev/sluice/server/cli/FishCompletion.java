package dev.sluice.server.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** A script of completions for fish: a line for each command, option and value. */
final class FishCompletion {
  private final String name;
  private final StringBuilder script = new StringBuilder();

  private FishCompletion(String name) {
    this.name = name;
  }

  static String of(CommandLine root) {
    FishCompletion completion = new FishCompletion(root.getCommandName());
    completion.script.append(
        """
        # Completions of %1$s for fish.
        function __%1$s_words
            set -l words (commandline -opc)
            string match -v -- '-*' $words[2..]
        end
        # Whether just this command was typed, and so one of its own may follow.
        function __%1$s_at
            test "$(__%1$s_words)" = "$(string join \\n -- $argv)"
        end
        # Whether this command was typed, and perhaps more.
        function __%1$s_in
            set -l words (__%1$s_words)
            test (count $words) -ge (count $argv)
            and test "$words[1..$(count $argv)]" = "$argv"
        end
        complete -c %1$s -f
        """
            .formatted(completion.name));
    completion.command(root, List.of());
    return completion.script.toString();
  }

  private void command(CommandLine command, List<String> path) {
    CommandSpec spec = command.getCommandSpec();
    String when = when(command, path);
    command
        .getSubcommands()
        .forEach(
            (sub, line) -> {
              if (!line.getCommandSpec().usageMessage().hidden()) {
                line(when, "-a", quoted(sub), description(line.getCommandSpec()));
                List<String> longer = new ArrayList<>(path);
                longer.add(sub);
                command(line, longer);
              }
            });
    spec.options().stream().filter(option -> !option.hidden()).forEach(it -> option(it, when));
    for (PositionalParamSpec parameter : spec.positionalParameters()) {
      values(parameter)
          .forEach(value -> line(when, "-a", quoted(value), text(parameter.description())));
      if (isPath(parameter)) {
        line(when, "-F", "", "");
      }
    }
  }

  private void option(OptionSpec option, String when) {
    StringJoiner names = new StringJoiner(" ");
    for (String one : option.names()) {
      names.add(one.startsWith("--") ? "-l " + one.substring(2) : "-s " + one.substring(1));
    }
    if (option.arity().max() > 0) {
      names.add(isPath(option) ? "-r -F" : "-x");
      List<String> values = values(option);
      if (!values.isEmpty()) {
        names.add("-a " + quoted(String.join(" ", values)));
      }
    }
    line(when, names.toString(), "", text(option.description()));
  }

  /** What holds where the command's options and values can come. */
  private String when(CommandLine command, List<String> path) {
    String function = command.getSubcommands().isEmpty() ? "_in " : "_at ";
    return ("__" + name + function + String.join(" ", path)).strip();
  }

  private void line(String when, String what, String value, String description) {
    script.append("complete -c %s -n %s %s".formatted(name, quoted(when), what));
    if (!value.isEmpty()) {
      script.append(' ').append(value);
    }
    if (!description.isEmpty()) {
      script.append(" -d ").append(quoted(description));
    }
    script.append('\n');
  }

  private static List<String> values(ArgSpec argument) {
    List<String> values = new ArrayList<>();
    if (argument.completionCandidates() != null) {
      argument.completionCandidates().forEach(value -> values.add(value.toLowerCase(Locale.ROOT)));
    } else if (argument.type().isEnum()) {
      for (Object value : argument.type().getEnumConstants()) {
        values.add(value.toString().toLowerCase(Locale.ROOT));
      }
    }
    return values;
  }

  private static boolean isPath(ArgSpec argument) {
    return List.of(argument.auxiliaryTypes()).contains(Path.class) || argument.type() == Path.class;
  }

  private static String description(CommandSpec spec) {
    return text(spec.usageMessage().description());
  }

  /** The first line, without picocli's marks. */
  private static String text(String[] description) {
    return description.length == 0
        ? ""
        : Help.Ansi.OFF.string(description[0].replace("%%", "%").replace("%n", " ")).strip();
  }

  private static String quoted(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
  }
}
