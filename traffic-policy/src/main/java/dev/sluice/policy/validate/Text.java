package dev.sluice.policy.validate;

import java.time.Duration;

/** Values as documents write them. */
final class Text {
  private Text() {}

  /** The shortest of {@code 1h}, {@code 90s}, {@code 1500ms}. */
  static String of(Duration duration) {
    if (duration.toMillisPart() != 0) {
      return duration.toMillis() + "ms";
    }
    long seconds = duration.toSeconds();
    if (seconds != 0 && seconds % 3600 == 0) {
      return seconds / 3600 + "h";
    }
    return seconds != 0 && seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }
}
