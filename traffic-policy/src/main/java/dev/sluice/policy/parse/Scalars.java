package dev.sluice.policy.parse;

import dev.sluice.policy.parse.YamlNode.Scalar;
import java.lang.reflect.InvocationTargetException;
import java.math.BigInteger;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;

/** Scalars to values; what cannot be read is an {@link IllegalArgumentException} to be shown. */
final class Scalars {
  private Scalars() {}

  /** Whether {@code type} is written as one scalar. */
  static boolean isScalar(Class<?> type) {
    return type == String.class
        || type == Integer.class
        || type == int.class
        || type == Long.class
        || type == long.class
        || type == Boolean.class
        || type == boolean.class
        || type == Duration.class
        || type == Instant.class
        || type.isEnum()
        || type.isAnnotationPresent(dev.sluice.spec.Scalar.class);
  }

  /** The value of {@code type} that {@code scalar} writes. */
  static Object read(Class<?> type, Scalar scalar) {
    if (type == String.class) {
      return text(scalar);
    }
    if (type == Integer.class || type == int.class) {
      return Math.toIntExact(number(scalar, Integer.MIN_VALUE, Integer.MAX_VALUE));
    }
    if (type == Long.class || type == long.class) {
      return number(scalar, Long.MIN_VALUE, Long.MAX_VALUE);
    }
    if (type == Boolean.class || type == boolean.class) {
      return truth(scalar);
    }
    if (type == Duration.class) {
      return Durations.parse(scalar.text());
    }
    if (type == Instant.class) {
      return instant(scalar.text());
    }
    return type.isEnum() ? constant(type, scalar.text()) : parsed(type, scalar.text());
  }

  private static String text(Scalar scalar) {
    if (scalar.type() != ScalarType.STRING) {
      throw new IllegalArgumentException(
          scalar.text()
              + " is "
              + scalar.type().noun()
              + " where text is wanted; put it in quotes: \""
              + scalar.text()
              + "\"");
    }
    return scalar.text();
  }

  private static long number(Scalar scalar, long least, long most) {
    String text = scalar.text();
    if (scalar.type() != ScalarType.INTEGER) {
      boolean quoted =
          scalar.type() == ScalarType.STRING && ScalarType.ofPlain(text) == ScalarType.INTEGER;
      throw new IllegalArgumentException(
          quoted
              ? "\"" + text + "\" is text where a number is wanted; remove the quotes"
              : Messages.shown(text) + " is not a whole number" + withoutZeros(text));
    }
    BigInteger value = integer(text);
    if (value.compareTo(BigInteger.valueOf(least)) < 0) {
      throw new IllegalArgumentException(text + " is too small; the least is " + least);
    }
    if (value.compareTo(BigInteger.valueOf(most)) > 0) {
      throw new IllegalArgumentException(text + " is too large; the most is " + most);
    }
    return value.longValueExact();
  }

  private static String withoutZeros(String text) {
    return text.matches("0+[1-9][0-9]*") ? "; write " + text.replaceFirst("^0+", "") : "";
  }

  private static BigInteger integer(String text) {
    if (text.startsWith("0x")) {
      return new BigInteger(text.substring(2), 16);
    }
    return text.startsWith("0o") ? new BigInteger(text.substring(2), 8) : new BigInteger(text);
  }

  private static boolean truth(Scalar scalar) {
    if (scalar.type() != ScalarType.BOOLEAN) {
      throw new IllegalArgumentException(
          Messages.shown(scalar.text()) + " is not a boolean; write true or false, without quotes");
    }
    return Boolean.parseBoolean(scalar.text());
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          Messages.shown(text) + " is not a time; write such as 2026-01-31T12:00:00Z", e);
    }
  }

  private static Object constant(Class<?> type, String text) {
    for (Object constant : type.getEnumConstants()) {
      if (Words.of((Enum<?>) constant).equals(text)) {
        if (Words.planned(type).contains(text)) {
          throw new IllegalArgumentException(Messages.notBuilt(text, Words.built(type)));
        }
        return constant;
      }
    }
    throw new IllegalArgumentException(Messages.notOneOf(text, Words.built(type)));
  }

  private static Object parsed(Class<?> type, String text) {
    try {
      return type.getMethod("parse", String.class).invoke(null, text);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        throw refused;
      }
      throw new IllegalStateException(type.getName() + ".parse failed for " + text, e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(
          type.getName() + " is a @Scalar without a public static parse(String)", e);
    }
  }
}
