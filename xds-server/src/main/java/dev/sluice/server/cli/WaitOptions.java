package dev.sluice.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.sluice.policy.parse.Durations;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** {@code --no-wait}, {@code --timeout}: how long the proxies are waited for. */
final class WaitOptions {
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
   * @param refused what proxies refused of what was written, a line each
   * @param failure why the last look failed; empty where it did not
   */
  record Progress(
      boolean isRead, JsonNode proxies, List<String> refused, Optional<CommandFailure> failure) {
    static final Progress NONE =
        new Progress(false, JsonNodeFactory.instance.arrayNode(), List.of(), Optional.empty());

    Progress failed(CommandFailure why) {
      return new Progress(isRead, proxies, refused, Optional.of(why));
    }

    Progress refused(List<String> what) {
      return new Progress(isRead, proxies, what, failure);
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

    /** Whether further looks are in vain. */
    boolean isOver() {
      return isDone() || endsWait() || !refused.isEmpty();
    }

    /** Whether the last look failed in a way that stays. */
    boolean endsWait() {
      return failure.filter(CommandFailure::endsWait).isPresent();
    }

    /** The exit code of the wait: who may not look any more has no answer. */
    int exitCode() {
      return failure
          .filter(CommandFailure::endsWait)
          .map(CommandFailure::exitCode)
          .orElse(isDone() ? ExitCode.OK : ExitCode.NO);
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
   * that fails says nothing of what was written, so that it is tried again unless that is in vain.
   *
   * @param isRead whether what the server answers there is as it is to be
   * @param refusals what proxies refused of what was written; asked while some have not got it
   * @param ends after which it holds no longer by itself; empty for never
   * @param tick is told of each look
   */
  Progress await(
      AdminClient admin,
      String path,
      Predicate<JsonNode> isRead,
      Supplier<List<String>> refusals,
      Optional<Duration> ends,
      Tick tick) {
    return new Looks(limit(ends))
        .until(
            Progress.NONE,
            before -> look(admin, path, isRead, refusals, before),
            Progress::isOver,
            tick::looked);
  }

  private Progress look(
      AdminClient admin,
      String path,
      Predicate<JsonNode> isRead,
      Supplier<List<String>> refusals,
      Progress before) {
    try {
      JsonNode standing = admin.get(path);
      Progress now =
          new Progress(
              isRead.test(standing), standing.path("proxies"), List.of(), Optional.empty());
      return now.isRead() && !now.isDone() ? now.refused(refusals.get()) : now;
    } catch (CommandFailure e) {
      return before.failed(e);
    }
  }

  private Duration limit(Optional<Duration> ends) {
    return ends.filter(it -> it.compareTo(timeout) < 0).orElse(timeout);
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
          "how far it is could not be seen%s, and what was changed stays: %s"
              .formatted(
                  progress.endsWait() ? "" : " within " + time,
                  progress.failure().get().getMessage()));
      return lines;
    }
    if (!progress.refused().isEmpty()) {
      lines.add(progress.text() + ", and others do not get it, since it was refused:");
      progress.refused().forEach(one -> lines.add("  " + Printable.text(one)));
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
