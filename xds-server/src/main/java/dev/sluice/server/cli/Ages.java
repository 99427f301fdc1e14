package dev.sluice.server.cli;

import java.time.Duration;

/** For how long something is so, as people read it. */
final class Ages {
  private Ages() {}

  /** As {@code kubectl} has it: the two largest units; 0s for what is to come. */
  static String text(Duration given) {
    Duration age = given.isNegative() ? Duration.ZERO : given;
    if (age.toDays() > 0) {
      return age.toDays() + "d" + age.toHoursPart() + "h";
    }
    if (age.toHours() > 0) {
      return age.toHours() + "h" + age.toMinutesPart() + "m";
    }
    return age.toMinutes() > 0
        ? age.toMinutes() + "m" + age.toSecondsPart() + "s"
        : age.toSeconds() + "s";
  }
}
