package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompletionCommandTest {
  @TempDir private Path folder;

  @Test
  void bashCompletesCommands() throws Exception {
    assertThat(inBash("sluice", "sta")).containsExactly("status");
    assertThat(inBash("sluice", "get", "p")).containsExactly("policies", "proxies");
  }

  @Test
  void bashCompletesOptionsAndTheirValues() throws Exception {
    assertThat(inBash("sluice", "status", "--ser")).containsExactly("--server");
    assertThat(inBash("sluice", "status", "-o", "")).contains("JSON", "YAML");
  }

  @Test
  void fishIsToldOfEveryCommandAndOption() {
    String script = Sluice.run("completion", "fish").out();

    assertThat(script.lines())
        .contains(
            "complete -c sluice -n '__sluice_at' -a 'drain' -d 'Takes an instance out of traffic until \\'sluice restore\\'.'")
        .anyMatch(line -> line.startsWith("complete -c sluice -n '__sluice_at get' -a 'proxies'"))
        .anyMatch(
            line ->
                line.startsWith("complete -c sluice -n '__sluice_in get proxies' -s w -l watch -d"))
        .anyMatch(
            line ->
                line.startsWith(
                    "complete -c sluice -n '__sluice_in status' -s o -l output -x -a 'text wide json yaml'"))
        .noneMatch(line -> line.contains("warm-up"));
  }

  @Test
  void aShellThatIsNotKnownIsWrongUsage() {
    Sluice.Answer answer = Sluice.run("completion", "tcsh");

    assertThat(answer.exitCode()).isEqualTo(2);
    assertThat(answer.err()).contains("tcsh");
  }

  /** What bash would offer after these words, the last of which is being typed. */
  private List<String> inBash(String... words) throws IOException, InterruptedException {
    Path script =
        Files.writeString(folder.resolve("sluice.bash"), Sluice.run("completion", "bash").out());
    String typed = "'" + String.join("' '", words) + "'";
    Process bash =
        new ProcessBuilder(
                "bash",
                "--norc",
                "-c",
                """
                source %s
                COMP_WORDS=(%s); COMP_CWORD=%d
                compopt() { :; } # It is for the shell that completes, and there is none.
                _complete_sluice
                printf '%%s\\n' "${COMPREPLY[@]}"
                """
                    .formatted(script, typed, words.length - 1))
            .redirectErrorStream(true)
            .start();
    String offered = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(bash.waitFor()).as(offered).isZero();
    return offered.lines().map(String::strip).sorted().toList();
  }
}
