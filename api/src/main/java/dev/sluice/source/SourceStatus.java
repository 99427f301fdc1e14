package dev.sluice.source;

import dev.sluice.catalog.SourceName;
import dev.sluice.problem.Problem;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * How a source is doing.
 *
 * @param source which one
 * @param state whether what it told is current
 * @param since since when it is in that state
 * @param message why, where the state is not {@code SYNCED}; else null
 * @param problems what is wrong with its documents now, sorted; the last good version of each stays
 *     live
 */
public record SourceStatus(
    SourceName source,
    State state,
    Instant since,
    @Nullable String message,
    List<Problem> problems) {
  /** Whether what a source told is current. */
  public enum State {
    /** It has not told all it knows yet. */
    STARTING,
    /** It is current. */
    SYNCED,
    /** It has lost its peer; what it told last stays live. */
    STALE
  }

  public SourceStatus {
    Objects.requireNonNull(source);
    Objects.requireNonNull(state);
    Objects.requireNonNull(since);
    problems = problems.stream().sorted().toList();
  }
}
