package dev.sluice.server.rollout.analysis;

import dev.sluice.spec.Analysis;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When an analysis asks, and what follows from the answers, with what holds where it says nothing.
 *
 * @param delay before the first time
 * @param interval between two
 * @param failureLimit so many bad answers in a row are a failure
 * @param inconclusiveFor so long there may be no answer
 */
record Pace(Duration delay, Duration interval, int failureLimit, Duration inconclusiveFor) {
  private static final Duration INTERVAL = Duration.ofSeconds(30);
  private static final int FAILURE_LIMIT = 3;
  private static final Duration INCONCLUSIVE_FOR = Duration.ofMinutes(5);

  static Pace of(Analysis analysis) {
    Duration interval = or(analysis.interval(), INTERVAL);
    return new Pace(
        or(analysis.delay(), interval),
        interval,
        or(analysis.failureLimit(), FAILURE_LIMIT),
        or(analysis.inconclusiveFor(), INCONCLUSIVE_FOR));
  }

  private static <T> T or(@Nullable T given, T otherwise) {
    return given == null ? otherwise : given;
  }
}
