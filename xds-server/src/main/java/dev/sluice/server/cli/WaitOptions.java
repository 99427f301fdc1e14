package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.policy.parse.Durations;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import picocli.CommandLine.Option;

/** {@code --no-wait}, {@code --timeout}: how long the proxies are waited for. */
final class WaitOptions {
  private static final long LOOK_MILLIS = 100;

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
   */
  record Progress(boolean isRead, JsonNode proxies) {
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
      return isRead && behind().isEmpty();
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
   * Waits until the server has read what was written and every proxy has acknowledged it.
   *
   * @param isRead whether overrides, as the server has them in force, are as they are to be
   * @param tick is told of each look
   */
  Progress await(AdminClient admin, String path, Predicate<JsonNode> isRead, Tick tick) {
    long end = System.nanoTime() + timeout.toNanos();
    Progress progress = new Progress(false, JsonNodeFactory.instance.arrayNode());
    while (true) {
      JsonNode standing = admin.get(path);
      progress = new Progress(isRead.test(standing.path("overrides")), standing.path("proxies"));
      tick.looked(progress);
      if (progress.isDone() || end - System.nanoTime() <= 0) {
        return progress;
      }
      try {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return progress;
      }
    }
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

  /** Why it is not done, a line each; what was written stays. */
  List<String> missing(Progress progress, String source) {
    List<String> lines = new ArrayList<>();
    if (!progress.isRead()) {
      lines.add(
          "the server has not read it back from %s within %s; 'sluice get sources' tells how that is doing"
              .formatted(source, Durations.text(timeout)));
      return lines;
    }
    lines.add(
        "%s after %s; these have not, and what was changed stays:"
            .formatted(progress.text(), Durations.text(timeout)));
    for (JsonNode proxy : progress.behind()) {
      String why = Printable.text(proxy.path("message").asText());
      lines.add(
          "  " + Printable.text(proxy.path("id").asText()) + (why.isEmpty() ? "" : ": " + why));
    }
    return lines;
  }
}
