package dev.sluice.policy.attach;

import java.time.Duration;

/** Durations as documents write them. */
final class Durations {
  private Durations() {}

  /** In the largest unit that gives a whole number. */
  static String text(Duration duration) {
    long millis = duration.toMillis();
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds == 0 || seconds % 60 != 0) {
      return seconds + "s";
    }
    return seconds % 3600 == 0 ? seconds / 3600 + "h" : seconds / 60 + "m";
  }
}
