package dev.sluice.spec;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Some of a version's instances, written as a number ({@code 1}) or as a percentage of those that
 * are ready ({@code 25%}).
 *
 * @param number at least 1; of percentages at most 100
 * @param isPercent whether it is a percentage
 */
@Scalar
public record InstanceShare(int number, boolean isPercent) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,6})(%)?");
  private static final int ALL_PERCENT = 100;

  /** All of them. */
  public static final InstanceShare ALL = new InstanceShare(ALL_PERCENT, true);

  public InstanceShare {
    if (isPercent && (number < 1 || number > ALL_PERCENT)) {
      throw new IllegalArgumentException(number + "% is not within 1%..100%");
    }
    if (number < 1) {
      throw new IllegalArgumentException(number + " is too small; the least is 1");
    }
  }

  /** Reads {@code 1} or {@code 25%}. */
  public static InstanceShare parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no number of instances; write such as 1, or 25% of those ready");
    }
    return new InstanceShare(Integer.parseInt(form.group(1)), form.group(2) != null);
  }

  /** So many of {@code ready} instances: of a percentage at least one, if there is one. */
  public int of(int ready) {
    return isPercent
        ? (int) Math.ceilDiv((long) ready * number, ALL_PERCENT)
        : Math.min(number, ready);
  }

  @Override
  public String toString() {
    return isPercent ? number + "%" : Integer.toString(number);
  }
}
