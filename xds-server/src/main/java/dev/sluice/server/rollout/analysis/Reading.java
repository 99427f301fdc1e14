package dev.sluice.server.rollout.analysis;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What came of one of the things that an analysis asks, for people to read.
 *
 * @param name what is asked
 * @param bounds what is good
 * @param verdict of the newest try
 * @param value of the newest answer; empty for none yet
 * @param when the newest try ended; empty for none yet
 * @param failures how many answers in a row were bad
 * @param words why there is no answer; may be empty
 */
public record Reading(
    String name,
    String bounds,
    Verdict verdict,
    String value,
    Optional<Instant> when,
    int failures,
    String words) {
  /** What a try came to. */
  public enum Verdict {
    /** There has been none yet. */
    WAITING,
    GOOD,
    BAD,
    /** Neither. */
    NO_ANSWER
  }

  public Reading {
    Objects.requireNonNull(name);
    Objects.requireNonNull(bounds);
    Objects.requireNonNull(verdict);
    Objects.requireNonNull(value);
    Objects.requireNonNull(when);
    Objects.requireNonNull(words);
  }
}
