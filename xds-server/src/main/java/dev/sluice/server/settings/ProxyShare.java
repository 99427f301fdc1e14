package dev.sluice.server.settings;

import dev.sluice.spec.Scalar;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A part of a group's proxies, written {@code 3} or {@code 10%}.
 *
 * @param number proxies, at least 1, or percent, 1 to 100
 */
@Scalar
public record ProxyShare(int number, Unit unit) {
  private static final Pattern FORM = Pattern.compile("(\\d{1,9})(%?)");
  private static final int WHOLE = 100;

  /** What is counted. */
  public enum Unit {
    PROXIES,
    PERCENT
  }

  public ProxyShare {
    if (number < 1) {
      throw new IllegalArgumentException("a share of " + number + " proxies asks nobody; write 1");
    }
    if (unit == Unit.PERCENT && number > WHOLE) {
      throw new IllegalArgumentException(number + "% is not within 1%..100%");
    }
  }

  /** Reads a number of proxies, or a percentage. */
  public static ProxyShare parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is no share of proxies; write a number such as 1, or such as 10%");
    }
    return new ProxyShare(
        Integer.parseInt(form.group(1)), form.group(2).isEmpty() ? Unit.PROXIES : Unit.PERCENT);
  }

  /** {@code 3} or {@code 10%}. */
  @Override
  public String toString() {
    return unit == Unit.PERCENT ? number + "%" : Integer.toString(number);
  }
}
