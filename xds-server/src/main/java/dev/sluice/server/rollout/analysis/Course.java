package dev.sluice.server.rollout.analysis;

import dev.sluice.server.rollout.analysis.Reading.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * How one check has gone since its step began.
 *
 * @param reading of the newest try
 * @param newest what the newest answer said, {@code GOOD} or {@code BAD}; empty before the first
 * @param silentSince when the first of the tries began that had no answer after the newest answer;
 *     empty where the newest try had one
 */
record Course(Reading reading, Optional<Verdict> newest, Optional<Instant> silentSince) {
  Course {
    Objects.requireNonNull(reading);
    Objects.requireNonNull(newest);
    Objects.requireNonNull(silentSince);
  }

  static Course beginning(Check check) {
    return new Course(
        new Reading(check.name(), check.bounds(), Verdict.WAITING, "", Optional.empty(), 0, ""),
        Optional.empty(),
        Optional.empty());
  }

  /** The same with what came of one more try. */
  Course after(Answer answer, Instant asked, Instant now) {
    return switch (answer) {
      case Answer.Good(String value) -> answered(Verdict.GOOD, value, now, 0);
      case Answer.Bad(String value) -> answered(Verdict.BAD, value, now, reading.failures() + 1);
      case Answer.None(String why) ->
          new Course(
              reading(Verdict.NO_ANSWER, reading.value(), now, reading.failures(), why),
              newest,
              Optional.of(silentSince.orElse(asked)));
    };
  }

  private Course answered(Verdict verdict, String value, Instant now, int failures) {
    return new Course(
        reading(verdict, value, now, failures, ""), Optional.of(verdict), Optional.empty());
  }

  private Reading reading(Verdict verdict, String value, Instant now, int failures, String words) {
    return new Reading(
        reading.name(), reading.bounds(), verdict, value, Optional.of(now), failures, words);
  }

  boolean isGood() {
    return newest.filter(verdict -> verdict == Verdict.GOOD).isPresent();
  }

  boolean hasFailed(int limit) {
    return reading.failures() >= limit;
  }

  /** Whether there has been no answer for so long. */
  boolean isSilent(Duration limit, Instant now) {
    return silentSince.filter(since -> !since.plus(limit).isAfter(now)).isPresent();
  }

  /** A bad answer, for people to read. */
  String failure() {
    int times = reading.failures();
    return "%s: %s, %s is good%s"
        .formatted(
            reading.name(),
            reading.value(),
            reading.bounds(),
            times > 1 ? ", " + times + " times in a row" : "");
  }

  /** That there is no answer, for people to read. */
  String silence(Instant now) {
    long seconds = silentSince.map(since -> Duration.between(since, now).toSeconds()).orElse(0L);
    return "%s has had no answer for %ds: %s".formatted(reading.name(), seconds, reading.words());
  }
}
