package dev.sluice.spec;

import java.math.BigDecimal;
import java.util.Objects;

/**
 * Any number, such as a bound of a measurement.
 *
 * @param value without zeros at its end
 */
@Scalar
public record Decimal(BigDecimal value) {
  private static final int MOST_DIGITS = 30;

  public Decimal {
    value = Objects.requireNonNull(value).stripTrailingZeros();
    if (value.precision() > MOST_DIGITS || Math.abs(value.scale()) > MOST_DIGITS) {
      throw new IllegalArgumentException("number has more than " + MOST_DIGITS + " digits");
    }
  }

  /** Reads {@code 0.01}, {@code -5} or {@code 1e6}. */
  public static Decimal parse(String text) {
    try {
      return new Decimal(new BigDecimal(text));
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("\"" + text + "\" is not a number; write such as 0.5", e);
    }
  }

  @Override
  public String toString() {
    return value.toPlainString();
  }
}
