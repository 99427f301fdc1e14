package dev.sluice.server.source;

import dev.sluice.catalog.SourceName;
import dev.sluice.problem.Problem;
import dev.sluice.source.SourceSink;
import dev.sluice.source.SourceStatus;
import dev.sluice.source.SourceStatus.State;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

/**
 * Tells the sink and the log how a source is doing, and nothing twice; confined to the source's
 * thread.
 */
public final class StatusReport {
  private final SourceName source;
  private final SourceSink sink;
  private final Logger log;
  private @Nullable SourceStatus last;

  /** A report that has told nothing. */
  public StatusReport(SourceName source, SourceSink sink, Logger log) {
    this.source = source;
    this.sink = sink;
    this.log = log;
  }

  /**
   * Tells how the source is doing, if that is new.
   *
   * @param message why, where it is not current; else null
   * @param problems what is wrong with its documents and secrets
   */
  public void tell(State state, @Nullable String message, List<Problem> problems, Instant now) {
    SourceStatus before = last;
    Instant since = before != null && before.state() == state ? before.since() : now;
    SourceStatus next = new SourceStatus(source, state, since, message, problems);
    if (next.equals(before)) {
      return;
    }
    last = next;
    sink.status(next);
    if (before != null && message != null && !message.equals(before.message())) {
      log.error("{} goes on trying: {}", source, message);
    }
    if (before != null && before.state() == State.STALE && state == State.SYNCED) {
      log.info("{} is current again", source);
    }
    List<Problem> known = before == null ? List.of() : before.problems();
    known.stream()
        .filter(problem -> !next.problems().contains(problem))
        .forEach(problem -> log.info("{}: no longer: {}", source, problem));
    next.problems().stream()
        .filter(problem -> !known.contains(problem))
        .forEach(problem -> log.warn("{}: {}", source, problem));
  }
}
