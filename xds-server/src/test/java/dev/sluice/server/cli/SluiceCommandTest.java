package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class SluiceCommandTest {
  static Stream<List<String>> commands() {
    List<List<String>> commands = new ArrayList<>();
    collect(all(), List.of(), commands);
    return commands.stream();
  }

  private static CommandLine all() {
    return SluiceCommand.commandLine(
        settings -> {
          throw new AssertionError();
        },
        Map.of());
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

  @ParameterizedTest
  @MethodSource("commands")
  void everyCommandTellsTheVersion(List<String> command) {
    List<String> args = new ArrayList<>(command);
    args.add("--version");

    assertThat(Sluice.run(args.toArray(String[]::new)).out()).startsWith("sluice ");
  }

  @ParameterizedTest
  @MethodSource("commands")
  void theHelpOfACommandIsTheSameAloneAndAmongTheOthers(List<String> command) {
    CommandLine all = all();
    for (String word : command) {
      all = Objects.requireNonNull(all.getSubcommands().get(word));
    }
    List<String> args = new ArrayList<>(command);
    args.add("--help");

    assertThat(Sluice.run(args.toArray(String[]::new)).out()).isEqualTo(all.getUsageMessage());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "help", "completion", "serve", "demo", "warm-up", "statu", "--help"})
  void whatLooksAtTheOthersOrNamesNoneHasThemAll(String word) {
    assertThat(SluiceCommand.alone(new String[] {word, "status"})).isEmpty();
    assertThat(SluiceCommand.alone(new String[0])).isEmpty();
    assertThat(SluiceCommand.alone(new String[] {"status", word})).hasValue(StatusCommand.class);
  }

  @Test
  void helpNamesTheOthersAndExplainsThem() {
    assertThat(Sluice.run("help").out()).contains("  validate ", "  serve ", "  rollback ");
    assertThat(Sluice.run("help", "status").out())
        .isEqualTo(Sluice.run("status", "--help").out())
        .contains("--wait");
  }

  @Test
  void theListOfCommandsSaysOfEachInOneSentenceWhatItDoes() {
    Map<String, CommandLine> all = all().getSubcommands();

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
