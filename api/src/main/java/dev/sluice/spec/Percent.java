package dev.sluice.spec;

import java.math.BigDecimal;

/**
 * A percentage from 0 to 100 with up to four decimals, written as a number.
 *
 * @param millionths 0 to 1,000,000: the numerator of Envoy's {@code FractionalPercent} with the
 *     denominator {@code MILLION}
 */
@Scalar
public record Percent(int millionths) {
  private static final int WHOLE = 1_000_000;

  /** 100 percent. */
  public static final Percent ALL = new Percent(WHOLE);

  public Percent {
    if (millionths < 0 || millionths > WHOLE) {
      throw new IllegalArgumentException("percentage is not within 0..100");
    }
  }

  /** Reads {@code 0} to {@code 100}, with up to four decimals. */
  public static Percent parse(String text) {
    BigDecimal percent;
    try {
      percent = new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a percentage; write a number from 0 to 100, such as 12.5", e);
    }
    if (percent.signum() < 0 || percent.compareTo(BigDecimal.valueOf(100)) > 0) {
      throw new IllegalArgumentException(text + " is not within 0..100");
    }
    BigDecimal millionths = percent.movePointRight(4);
    try {
      return new Percent(millionths.intValueExact());
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          text + " has more than four decimals; the finest step is 0.0001", e);
    }
  }

  /** The percentage, 0 to 100. */
  public double value() {
    return millionths / 10_000.0;
  }

  @Override
  public String toString() {
    return BigDecimal.valueOf(millionths).movePointLeft(4).stripTrailingZeros().toPlainString();
  }
}
