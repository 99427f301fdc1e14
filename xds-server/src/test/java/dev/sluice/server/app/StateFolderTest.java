package dev.sluice.server.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {
  @TempDir private Path folder;

  @Test
  void aSecondServerIsRefusedUntilTheFirstIsClosed() throws IOException {
    Path state = folder.resolve("made/anew");
    try (StateFolder first = StateFolder.open(state)) {
      first.history().close();
      assertThatThrownBy(() -> StateFolder.open(state))
          .isInstanceOf(IOException.class)
          .hasMessage(
              "the state directory %s is in use by another server; stop that one, or give each a"
                  + " directory of its own (--state)",
              state);
    }

    try (StateFolder again = StateFolder.open(state)) {
      assertThat(again).isNotNull();
    }
  }

  /** What another process has locked, it has until it ends, however it ends. */
  @Test
  void theLockOfAnotherProcessIsSeenAndEndsWithIt() throws Exception {
    Process other =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                folder.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try {
      assertThat(other.inputReader().readLine()).isEqualTo("held");
      assertThatThrownBy(() -> StateFolder.open(folder))
          .hasMessageContaining("is in use by another server");
    } finally {
      other.destroyForcibly();
    }
    assertThat(other.waitFor(10, TimeUnit.SECONDS)).isTrue();

    StateFolder.open(folder).close();
  }

  /** A process that holds the directory that it is given. */
  static final class Holder {
    private Holder() {}

    public static void main(String[] arguments) throws Exception {
      try (StateFolder held = StateFolder.open(Path.of(arguments[0]))) {
        System.out.println(held == null ? "" : "held");
        System.in.read(); // Until it is ended.
      }
    }
  }

  @Test
  void whatIsNoDirectoryIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertThatThrownBy(() -> StateFolder.open(file))
        .isInstanceOf(IOException.class)
        .hasMessageStartingWith("the state directory " + file + " cannot be written to");
  }

  @Test
  void withoutADirectoryNothingIsLocked() throws IOException {
    try (StateFolder first = StateFolder.open(null);
        StateFolder second = StateFolder.open(null)) {
      assertThat(first).isNotSameAs(second);
    }
  }
}
