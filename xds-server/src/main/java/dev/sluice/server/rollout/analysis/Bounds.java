package dev.sluice.server.rollout.analysis;

import dev.sluice.spec.Decimal;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which numbers are good.
 *
 * @param min the least; empty for any
 * @param max the most; empty for any
 * @param unit of the numbers, for people to read; may be empty
 */
record Bounds(Optional<Decimal> min, Optional<Decimal> max, String unit) {
  private static final MathContext SHOWN = new MathContext(6);

  /** Whether {@code number} is among them; it is finite. */
  Answer judge(double number) {
    BigDecimal exact = BigDecimal.valueOf(number);
    BigDecimal rounded = exact.round(SHOWN);
    boolean isGood = contain(exact);
    // 99.4999999 is not shown as 99.5 where that would be good.
    String value = shown(contain(rounded) == isGood ? rounded : exact) + unit;
    return isGood ? new Answer.Good(value) : new Answer.Bad(value);
  }

  private boolean contain(BigDecimal number) {
    return min.stream().allMatch(least -> number.compareTo(least.value()) >= 0)
        && max.stream().allMatch(most -> number.compareTo(most.value()) <= 0);
  }

  private static String shown(BigDecimal number) {
    BigDecimal brief = number.stripTrailingZeros();
    return Math.abs(brief.scale()) > 12 ? brief.toString() : brief.toPlainString();
  }

  @Override
  public String toString() {
    return Stream.concat(
            min.stream().map(least -> "at least " + least + unit),
            max.stream().map(most -> "at most " + most + unit))
        .collect(Collectors.joining(", "));
  }
}
