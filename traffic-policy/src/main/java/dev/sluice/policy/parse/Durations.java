package dev.sluice.policy.parse;

import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Lengths of time as documents write them: {@code 500ms}, {@code 2s}, {@code 1m30s}. */
public final class Durations {
  private static final Pattern FORM =
      Pattern.compile("(?:(\\d{1,9})h)?(?:(\\d{1,9})m)?(?:(\\d{1,9})s)?(?:(\\d{1,9})ms)?");
  private static final Pattern NUMBER = Pattern.compile("[-+]?\\d+(\\.\\d*)?");
  private static final Duration LONGEST = Duration.ofDays(3650);

  private Durations() {}

  /**
   * Reads whole hours, minutes, seconds and milliseconds, in that order.
   *
   * @throws IllegalArgumentException saying what would be right
   */
  public static Duration parse(String text) {
    if (NUMBER.matcher(text).matches()) {
      throw new IllegalArgumentException(
          text + " has no unit; write ms, s, m or h after it, such as 15s");
    }
    if (text.startsWith("-")) {
      throw new IllegalArgumentException(text + " is negative; the least is 0s");
    }
    Matcher form = FORM.matcher(text);
    if (text.isEmpty() || !form.matches()) {
      throw new IllegalArgumentException(
          "\""
              + text
              + "\" is not a duration; write whole numbers with the units h, m, s, ms,"
              + " such as 500ms, 2s or 1m30s");
    }
    Duration duration =
        Duration.ofHours(part(form, 1))
            .plusMinutes(part(form, 2))
            .plusSeconds(part(form, 3))
            .plusMillis(part(form, 4));
    if (duration.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(text + " is too long; the most is 87600h");
    }
    return duration;
  }

  /** {@code duration}, as it is read: {@code 1m30s}. */
  public static String text(Duration duration) {
    String text =
        part(duration.toHours(), "h")
            + part(duration.toMinutesPart(), "m")
            + part(duration.toSecondsPart(), "s")
            + part(duration.toMillisPart(), "ms");
    return text.isEmpty() ? "0s" : text;
  }

  private static String part(long number, String unit) {
    return number == 0 ? "" : number + unit;
  }

  private static long part(Matcher form, int group) {
    String digits = form.group(group);
    return digits == null ? 0 : Long.parseLong(digits);
  }
}
