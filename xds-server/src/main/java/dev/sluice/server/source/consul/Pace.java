package dev.sluice.server.source.consul;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * When a query may be asked again: at once as a rule, slower where its answers come all the time,
 * and slower and slower where it fails; of the source's thread.
 */
final class Pace {
  /** Answers that may follow each other at once (Consul's advice is a bucket of two). */
  private static final int BURST = 10;

  private static final long BETWEEN_ANSWERS = Duration.ofMillis(100).toNanos();
  private static final long FIRST_RETRY = Duration.ofMillis(250).toNanos();
  private static final int MOST_DOUBLINGS = 6;

  private final RandomGenerator random;
  private double tokens = BURST;
  private long filledAt;
  private int failures;

  Pace(RandomGenerator random, long now) {
    this.random = random;
    this.filledAt = now;
  }

  /** When to ask again after an answer. */
  long afterAnswer(long now) {
    failures = 0;
    tokens = Math.min(BURST, tokens + (double) (now - filledAt) / BETWEEN_ANSWERS) - 1;
    filledAt = now;
    return tokens >= 0 ? now : now + Math.round(-tokens * BETWEEN_ANSWERS);
  }

  /** When to ask again after a failure: between the half and the whole of 250 ms to 16 s. */
  long afterFailure(long now) {
    long most = FIRST_RETRY << Math.min(failures, MOST_DOUBLINGS);
    failures++;
    return now + most / 2 + random.nextLong(most / 2);
  }
}
