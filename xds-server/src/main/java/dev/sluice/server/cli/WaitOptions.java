package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.policy.parse.Durations;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import picocli.CommandLine.Option;

/** {@code --no-wait}, {@code --timeout}: how long the proxies are waited for. */
final class WaitOptions {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  @Option(
      names = "--no-wait",
      description = "Do not wait until every proxy of this server has acknowledged it.")
  private boolean noWait;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "30s",
      converter = DurationConverter.class,
      description = "How long to wait for the proxies (default: 30s); then the exit code is 1.")
  private Duration timeout = Duration.ofSeconds(30);

  boolean isWanted() {
    return !noWait;
  }

  /**
   * How far the proxies were when they were looked at last.
   *
   * @param isRead whether the server has read what was written
   * @param proxies those that call the service
   * @param failure why the last look failed; empty where it did not
   */
  record Progress(boolean isRead, JsonNode proxies, Optional<String> failure) {
    static final Progress NONE =
        new Progress(false, JsonNodeFactory.instance.arrayNode(), Optional.empty());

    Progress failed(String why) {
      return new Progress(isRead, proxies, Optional.of(why));
    }

    List<JsonNode> behind() {
      List<JsonNode> behind = new ArrayList<>();
      for (JsonNode proxy : proxies) {
        if (!proxy.path("acknowledged").asBoolean()) {
          behind.add(proxy);
        }
      }
      return behind;
    }

    boolean isDone() {
      return isRead && failure.isEmpty() && behind().isEmpty();
    }

    int acknowledged() {
      return isRead ? proxies.size() - behind().size() : 0;
    }

    /** {@code 3/4 proxies have it}. */
    String text() {
      return acknowledged() + "/" + proxies.size() + " proxies have it";
    }
  }

  /**
   * Waits until the server has read what was written and every proxy has acknowledged it. A look
   * that fails says nothing of what was written, so that it is tried again.
   *
   * @param isRead whether what the server answers there is as it is to be
   * @param ends after which it holds no longer by itself; empty for never
   * @param tick is told of each look
   */
  Progress await(
      AdminClient admin,
      String path,
      Predicate<JsonNode> isRead,
      Optional<Duration> ends,
      Tick tick) {
    long end = System.nanoTime() + limit(ends).toNanos();
    Progress progress = Progress.NONE;
    Duration pause = FIRST_PAUSE;
    while (true) {
      long asked = System.nanoTime();
      progress = look(admin, path, isRead, progress);
      tick.looked(progress);
      long now = System.nanoTime();
      if (progress.isDone() || end - now <= 0) {
        return progress;
      }
      Duration wanted = atLeastTwice(pause, Duration.ofNanos(now - asked));
      try {
        TimeUnit.NANOSECONDS.sleep(Math.min(wanted.toNanos(), end - now));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return progress;
      }
      pause = longer(pause);
    }
  }

  private Progress look(
      AdminClient admin, String path, Predicate<JsonNode> isRead, Progress before) {
    try {
      JsonNode standing = admin.get(path);
      return new Progress(isRead.test(standing), standing.path("proxies"), Optional.empty());
    } catch (CommandFailure e) {
      return before.failed(e.getMessage());
    }
  }

  private Duration limit(Optional<Duration> ends) {
    return ends.filter(it -> it.compareTo(timeout) < 0).orElse(timeout);
  }

  /** The pause after a pause: many commands that wait must not keep a server busy. */
  static Duration longer(Duration pause) {
    Duration next = pause.multipliedBy(3).dividedBy(2);
    return next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
  }

  /** The pause after an answer that took so long. */
  static Duration atLeastTwice(Duration pause, Duration answer) {
    Duration twice = answer.multipliedBy(2);
    return twice.compareTo(pause) > 0 ? twice : pause;
  }

  /** Is told how far the proxies are. */
  @FunctionalInterface
  interface Tick {
    void looked(Progress progress);
  }

  /** A line that is written over while it changes, where somebody looks. */
  static Tick line(PrintWriter err, boolean terminal) {
    return progress -> {
      if (terminal) {
        err.print("\r\u001b[K" + (progress.isDone() ? "" : progress.text() + " ..."));
        err.flush();
      }
    };
  }

  /**
   * Why it is not done, a line each; what was written stays.
   *
   * @param source where it is kept
   * @param ends after which it holds no longer by itself; empty for never
   */
  List<String> missing(Progress progress, String source, Optional<Duration> ends) {
    List<String> lines = new ArrayList<>();
    String time = Durations.text(limit(ends));
    if (progress.failure().isPresent()) {
      lines.add(
          "how far it is could not be seen within %s, and what was changed stays: %s"
              .formatted(time, progress.failure().get()));
      return lines;
    }
    if (ends.filter(it -> it.compareTo(timeout) < 0).isPresent()) {
      lines.add(
          "it has ended again after %s, before every proxy had it; give it longer (--expires-in)"
              .formatted(time));
      return lines;
    }
    if (!progress.isRead()) {
      lines.add(
          "the server has not read it back from %s within %s; 'sluice get sources' tells how that is doing"
              .formatted(source, time));
      return lines;
    }
    lines.add(
        "%s after %s; these have not, and what was changed stays:"
            .formatted(progress.text(), time));
    for (JsonNode proxy : progress.behind()) {
      String why = Printable.text(proxy.path("message").asText());
      lines.add(
          "  " + Printable.text(proxy.path("id").asText()) + (why.isEmpty() ? "" : ": " + why));
    }
    return lines;
  }
}
