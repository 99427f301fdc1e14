package dev.sluice.translate.check;

import static java.util.stream.Collectors.joining;

import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/** The rules of what has an order: numbers and durations. */
final class Bounds {
  private static final List<String> KNOWN = List.of("const", "lt", "lte", "gt", "gte", "required");

  private Bounds() {}

  /** Whether numbers of a type are read without a sign, which Java's own are not. */
  private enum Sign {
    SIGNED,
    UNSIGNED
  }

  /** A bound, and how it is met: {@code holds} takes the sign of value compared to bound. */
  private record Bound(String text, Object value, IntPredicate holds) {
    boolean holds(Object plain) {
      return holds.test(compare(plain, value));
    }
  }

  /**
   * The rule that {@code rules} make: all bounds hold; where the upper is below the lower, one of
   * them.
   *
   * @param rules a message of rules for one type of number, or for durations
   */
  static ValueRule of(Message rules) {
    ValueRules.rejectOthers(rules, KNOWN);
    String type = rules.getDescriptorForType().getName();
    Sign sign = type.startsWith("UInt") || type.startsWith("Fixed") ? Sign.UNSIGNED : Sign.SIGNED;
    List<Bound> bounds = new ArrayList<>();
    bound(rules, sign, "const", "", order -> order == 0, bounds);
    bound(rules, sign, "gt", "> ", order -> order > 0, bounds);
    bound(rules, sign, "gte", ">= ", order -> order >= 0, bounds);
    bound(rules, sign, "lt", "< ", order -> order < 0, bounds);
    bound(rules, sign, "lte", "<= ", order -> order <= 0, bounds);
    boolean outside = bounds.size() == 2 && compare(bounds.get(0).value, bounds.get(1).value) > 0;
    String all = bounds.stream().map(Bound::text).collect(joining(outside ? " or " : " and "));
    return value -> {
      Object plain = plain(value, sign);
      boolean kept =
          outside
              ? bounds.get(0).holds(plain) || bounds.get(1).holds(plain)
              : bounds.stream().allMatch(bound -> bound.holds(plain));
      return kept ? "" : "must be " + all + ", is " + text(plain);
    };
  }

  private static void bound(
      Message rules, Sign sign, String name, String words, IntPredicate holds, List<Bound> bounds) {
    FieldDescriptor field = rules.getDescriptorForType().findFieldByName(name);
    if (rules.hasField(field)) {
      Object value = plain(rules.getField(field), sign);
      bounds.add(new Bound(words + text(value), value, holds));
    }
  }

  @SuppressWarnings("unchecked") // A field's values are all of one type, and its bounds are too.
  private static int compare(Object one, Object other) {
    return ((Comparable<Object>) one).compareTo(other);
  }

  private static Object plain(Object value, Sign sign) {
    return switch (value) {
      case Integer number when sign == Sign.UNSIGNED -> Integer.toUnsignedLong(number);
      case Long number when sign == Sign.UNSIGNED -> new BigInteger(Long.toUnsignedString(number));
      case MessageOrBuilder duration -> duration(duration);
      default -> value;
    };
  }

  private static Duration duration(MessageOrBuilder value) {
    var type = value.getDescriptorForType();
    return Duration.ofSeconds(
        (Long) value.getField(type.findFieldByNumber(1)),
        (Integer) value.getField(type.findFieldByNumber(2)));
  }

  private static String text(Object value) {
    return value instanceof Duration
        ? value.toString().substring(2).toLowerCase(Locale.ROOT)
        : value.toString();
  }
}
