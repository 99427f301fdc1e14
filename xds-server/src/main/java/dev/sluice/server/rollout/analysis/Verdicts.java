package dev.sluice.server.rollout.analysis;

import java.time.Instant;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the courses of all checks of a step come to. */
final class Verdicts {
  private Verdicts() {}

  static Measured of(List<Course> courses, Pace pace, Instant now) {
    if (courses.isEmpty()) {
      return new Measured.Nothing();
    }
    List<Course> failed = courses.stream().filter(it -> it.hasFailed(pace.failureLimit())).toList();
    if (!failed.isEmpty()) {
      return new Measured.Failed(all(failed.stream(), Course::failure));
    }
    List<Course> silent =
        courses.stream().filter(it -> it.isSilent(pace.inconclusiveFor(), now)).toList();
    if (!silent.isEmpty()) {
      return new Measured.Inconclusive(all(silent.stream(), it -> it.silence(now)));
    }
    List<Course> open = courses.stream().filter(it -> !it.isGood()).toList();
    return open.isEmpty()
        ? new Measured.Good()
        : new Measured.Pending(
            "waits for a good answer of " + all(open.stream(), it -> it.reading().name()));
  }

  private static String all(Stream<Course> courses, Function<Course, String> words) {
    return courses.map(words).collect(Collectors.joining("; "));
  }
}
