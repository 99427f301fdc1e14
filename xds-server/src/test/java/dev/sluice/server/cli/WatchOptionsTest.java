package dev.sluice.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.IntNode;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

class WatchOptionsTest {
  private final AtomicReference<Supplier<JsonNode>> look = new AtomicReference<>();
  private final AtomicInteger looks = new AtomicInteger();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Numbers numbers = new Numbers();
  private boolean gone;
  private Thread running = new Thread();

  @Command(name = "numbers")
  final class Numbers implements Runnable {
    @Spec private CommandSpec spec;
    @Mixin private WatchOptions watch = new WatchOptions();
    @Mixin private OutputFormat format = new OutputFormat();

    @Override
    public void run() {
      int exitCode =
          watch.show(
              spec,
              format,
              new WatchOptions.Shown(
                  () -> {
                    looks.incrementAndGet();
                    return look.get().get();
                  },
                  answer -> List.of("it is " + answer),
                  JsonNode::asInt));
      spec.commandLine().getOut().println("exit " + exitCode);
      spec.commandLine().getOut().flush();
    }
  }

  /** As {@code head} leaves it. */
  private static Writer closed() {
    return new Writer() {
      @Override
      public void write(char[] text, int from, int length) throws IOException {
        throw new IOException("Broken pipe");
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }

  private void start(String... args) {
    CommandLine command =
        new CommandLine(numbers)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setOut(gone ? new PrintWriter(closed()) : new PrintWriter(out))
            .setErr(new PrintWriter(err));
    running = Thread.ofPlatform().start(() -> command.execute(args));
  }

  @AfterEach
  void stop() throws InterruptedException {
    running.interrupt();
    running.join();
  }

  @Test
  void withoutItAnAnswerIsShownOnce() throws InterruptedException {
    look.set(() -> IntNode.valueOf(1));

    start();
    running.join();

    assertThat(out.toString()).isEqualTo("it is 1\nexit 1\n");
  }

  @Test
  void anAnswerIsShownAgainOnlyWhenItIsAnotherOne() throws InterruptedException {
    look.set(() -> IntNode.valueOf(looks.get() < 3 ? 1 : 2));

    start("--watch", "-o", "json");

    await().until(() -> looks.get() >= 4);
    stop();
    assertThat(out.toString()).isEqualTo("1\n2\nexit 2\n");
  }

  @Test
  void textTellsWhenItWas() {
    look.set(() -> IntNode.valueOf(1));

    start("-w");

    await().untilAsserted(() -> assertThat(out.toString()).matches("At 2\\S+Z:\nit is 1\n"));
  }

  @Test
  void aServerThatIsLostIsToldOfOnceAndAskedAgain() {
    look.set(
        () -> {
          if (looks.get() == 2 || looks.get() == 3) {
            throw new CommandFailure(ExitCode.UNREACHABLE, "cannot reach it.");
          }
          return IntNode.valueOf(looks.get() > 3 ? 2 : 1);
        });

    start("-w", "-o", "yaml");

    await().untilAsserted(() -> assertThat(out.toString()).isEqualTo("1\n---\n2\n"));
    assertThat(err.toString()).isEqualTo("sluice: cannot reach it. Trying again ...\n");
  }

  @Test
  void whatWillNotChangeEndsIt() throws InterruptedException {
    look.set(
        () -> {
          if (looks.get() > 1) {
            throw CommandFailure.lasting(ExitCode.UNREACHABLE, "the token is not known");
          }
          return IntNode.valueOf(1);
        });

    start("-w", "-o", "json");
    running.join(10_000);

    assertThat(running.isAlive()).isFalse();
    assertThat(looks).hasValue(2);
    assertThat(err.toString()).contains("the token is not known").doesNotContain("Trying again");
  }

  @Test
  void whoReadsNoLongerEndsIt() throws InterruptedException {
    look.set(() -> IntNode.valueOf(looks.get()));
    gone = true;

    start("-w", "-o", "json");
    running.join(10_000);

    assertThat(running.isAlive()).isFalse();
    assertThat(looks).hasValue(1);
  }
}
