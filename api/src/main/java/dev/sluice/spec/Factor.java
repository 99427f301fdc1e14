package dev.sluice.spec;

import java.math.BigDecimal;

/**
 * A positive number of at most 1000 with up to three decimals.
 *
 * @param thousandths 1 to 1,000,000
 */
@Scalar
public record Factor(int thousandths) {
  private static final int MOST = 1_000_000;

  public Factor {
    if (thousandths < 1 || thousandths > MOST) {
      throw new IllegalArgumentException("number is not within 0.001..1000");
    }
  }

  /** Reads {@code 0.001} to {@code 1000}. */
  public static Factor parse(String text) {
    BigDecimal number;
    try {
      number = new BigDecimal(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("\"" + text + "\" is not a number; write such as 1.5", e);
    }
    if (number.compareTo(new BigDecimal("0.001")) < 0
        || number.compareTo(BigDecimal.valueOf(1000)) > 0) {
      throw new IllegalArgumentException(text + " is not within 0.001..1000");
    }
    try {
      return new Factor(number.movePointRight(3).intValueExact());
    } catch (ArithmeticException e) {
      throw new IllegalArgumentException(
          text + " has more than three decimals; the finest step is 0.001", e);
    }
  }

  /** The number itself. */
  public double value() {
    return thousandths / 1000.0;
  }

  @Override
  public String toString() {
    return BigDecimal.valueOf(thousandths).movePointLeft(3).stripTrailingZeros().toPlainString();
  }
}
