package dev.sluice.server.rollout.analysis;

import java.math.BigDecimal;
import java.time.Duration;

/** Durations, for people to read. */
final class Seconds {
  private Seconds() {}

  /** Such as {@code 10} or {@code 0.25}. */
  static String of(Duration duration) {
    return BigDecimal.valueOf(duration.toMillis(), 3).stripTrailingZeros().toPlainString();
  }
}
