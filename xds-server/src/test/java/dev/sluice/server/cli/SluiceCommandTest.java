package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

class SluiceCommandTest {
  static Stream<List<String>> commands() {
    List<List<String>> commands = new ArrayList<>();
    collect(
        SluiceCommand.commandLine(
            settings -> {
              throw new AssertionError();
            },
            Map.of()),
        List.of(),
        commands);
    return commands.stream();
  }

  private static void collect(CommandLine command, List<String> path, List<List<String>> found) {
    // "help" explains itself by its argument.
    if (!command.getCommandSpec().usageMessage().hidden()
        && !(command.getCommand() instanceof CommandLine.HelpCommand)) {
      found.add(path);
    }
    command
        .getSubcommands()
        .forEach(
            (name, sub) -> {
              List<String> longer = new ArrayList<>(path);
              longer.add(name);
              collect(sub, longer, found);
            });
  }

  @ParameterizedTest
  @MethodSource("commands")
  void theHelpOfEveryCommandShowsAnExample(List<String> command) {
    List<String> args = new ArrayList<>(command);
    args.add("--help");

    Sluice.Answer answer = Sluice.run(args.toArray(String[]::new));

    assertThat(answer.exitCode()).isZero();
    assertThat(answer.out()).containsPattern("Examples?:\\R +sluice ");
    assertThat(answer.err()).isEmpty();
  }

  @Test
  void theListOfCommandsSaysOfEachInOneSentenceWhatItDoes() {
    Map<String, CommandLine> all =
        SluiceCommand.commandLine(
                settings -> {
                  throw new AssertionError();
                },
                Map.of())
            .getSubcommands();

    assertThat(all.values())
        .filteredOn(command -> !command.getCommandSpec().usageMessage().hidden())
        .filteredOn(command -> !(command.getCommand() instanceof CommandLine.HelpCommand))
        .allSatisfy(
            command ->
                assertThat(command.getCommandSpec().usageMessage().description()[0])
                    .as(command.getCommandName())
                    .endsWith("."));
  }

  @Test
  void aCommandThatIsMistypedIsSuggested() {
    Sluice.Answer answer = Sluice.run("validat", "x.yaml");

    assertThat(answer.exitCode()).isEqualTo(2);
    assertThat(answer.err()).contains("validat").contains("sluice validate").contains("--help");
    assertThat(answer.out()).isEmpty();
  }

  @Test
  void anOptionThatIsMistypedIsSuggested() {
    Sluice.Answer answer = Sluice.run("status", "--sever", "http://127.0.0.1:1");

    assertThat(answer.exitCode()).isEqualTo(2);
    assertThat(answer.err()).contains("--sever").contains("--server");
  }

  @Test
  void withoutACommandTheHelpIsPointedAt() {
    Sluice.Answer answer = Sluice.run();

    assertThat(answer.exitCode()).isEqualTo(2);
    assertThat(answer.err()).contains("Which command?").contains("sluice --help");
  }

  @Test
  void theVersionIsThatOfTheBuildAndOfJava() {
    Sluice.Answer answer = Sluice.run("version");

    assertThat(answer.exitCode()).isZero();
    assertThat(answer.out()).matches("sluice \\d+\\.\\d+\\.\\d+\\S* \\(Java 25\\S*\\)\\R");
  }
}
