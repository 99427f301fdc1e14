package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** {@code --watch}: shows an answer again whenever it is another one. */
final class WatchOptions {
  private static final Duration PAUSE = Duration.ofSeconds(1);

  /** To the first line of an empty screen. */
  private static final String CLEAR = "\u001b[H\u001b[2J\u001b[3J";

  @Option(
      names = {"-w", "--watch"},
      description = "Show it again whenever it changes, until interrupted (Ctrl-C).")
  private boolean watch;

  /**
   * What a command shows.
   *
   * @param look asks for it
   * @param text of the answer
   * @param exitCode of the answer
   * @param ticks whether the text of one answer changes with the time
   */
  record Shown(
      Supplier<JsonNode> look,
      Function<JsonNode, List<String>> text,
      ToIntFunction<JsonNode> exitCode,
      boolean ticks) {
    /** Of an answer whose text is always the same. */
    Shown(
        Supplier<JsonNode> look,
        Function<JsonNode, List<String>> text,
        ToIntFunction<JsonNode> exitCode) {
      this(look, text, exitCode, false);
    }
  }

  /**
   * Shows it once, or as long as nobody interrupts it and somebody reads it. A server that cannot
   * be reached any more is told of once, and asked again.
   *
   * @return the exit code, of what was shown last
   * @throws CommandFailure when the first look fails, or a later one in a way that stays
   */
  int show(CommandSpec spec, OutputFormat format, Shown shown) {
    long asked = System.nanoTime();
    JsonNode answer = shown.look().get();
    Duration took = Duration.ofNanos(System.nanoTime() - asked);
    print(spec, format, shown, answer, false);
    boolean lost = false;
    while (watch && !isGone(spec.commandLine().getOut()) && pause(took)) {
      asked = System.nanoTime();
      @Nullable JsonNode next = again(spec, shown, lost);
      took = Duration.ofNanos(System.nanoTime() - asked);
      lost = next == null;
      if (next != null && isNews(spec, format, shown, answer, next)) {
        answer = next;
        print(spec, format, shown, answer, true);
      }
    }
    return shown.exitCode().applyAsInt(answer);
  }

  /** On a screen also what the clock alone has changed. */
  private static boolean isNews(
      CommandSpec spec, OutputFormat format, Shown shown, JsonNode before, JsonNode next) {
    return !next.equals(before)
        || (format.isText()
            && spec.commandLine().getColorScheme().ansi().enabled()
            && shown.ticks());
  }

  private static @Nullable JsonNode again(CommandSpec spec, Shown shown, boolean lost) {
    try {
      return shown.look().get();
    } catch (CommandFailure e) {
      if (!e.mayPass()) {
        throw e;
      }
      if (!lost) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("sluice: " + e.getMessage() + " Trying again ...");
        err.flush();
      }
      return null;
    }
  }

  private void print(
      CommandSpec spec, OutputFormat format, Shown shown, JsonNode answer, boolean again) {
    PrintWriter out = spec.commandLine().getOut();
    boolean terminal = spec.commandLine().getColorScheme().ansi().enabled();
    if (!format.isText()) {
      if (again) {
        out.print(format.separator());
      }
      format.write(answer, out);
    } else {
      if (watch && terminal) {
        out.print(CLEAR);
      } else if (again) {
        out.println();
      }
      if (watch) {
        out.println("At " + Instant.now().truncatedTo(ChronoUnit.SECONDS) + ":");
      }
      shown.text().apply(answer).forEach(out::println);
    }
    out.flush();
  }

  /** Whether nobody reads any more what is written, such as {@code head} that has enough. */
  private static boolean isGone(PrintWriter out) {
    return out.checkError();
  }

  private static boolean pause(Duration took) {
    try {
      Thread.sleep(Looks.atLeastTwice(PAUSE, took));
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
