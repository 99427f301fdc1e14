package dev.sluice.server.explain;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/** Parts of a whole, for people to read. */
final class Percentage {
  private static final int DIGITS = 4;

  private Percentage() {}

  /** The part of a hundred, at most two digits after the point. */
  static double of(long part, long whole) {
    return rounded(exact(part, whole));
  }

  /** The part of a hundred, to be added to others. */
  static double exact(long part, long whole) {
    return whole == 0 ? 0 : 100.0 * part / whole;
  }

  /** At most two digits after the point. */
  static double rounded(double percent) {
    return BigDecimal.valueOf(percent).setScale(2, RoundingMode.HALF_UP).doubleValue();
  }

  /** Such as {@code 12.5%}. */
  static String text(long part, long whole) {
    return BigDecimal.valueOf(part)
            .multiply(BigDecimal.valueOf(100))
            .divide(BigDecimal.valueOf(whole), new MathContext(DIGITS))
            .stripTrailingZeros()
            .toPlainString()
        + "%";
  }
}
