package dev.sluice.spec;

import java.util.List;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A condition under which a request is tried again: one of Envoy's {@code x-envoy-retry-on} or
 * {@code x-envoy-retry-grpc-on} words, or an HTTP status. Envoy drops unknown words silently, so
 * they are refused here.
 *
 * @param word the word, or the status as decimal digits
 */
@Scalar
public record RetryOn(String word) implements Comparable<RetryOn> {
  private static final SortedSet<String> WORDS =
      new TreeSet<>(
          List.of(
              "5xx",
              "gateway-error",
              "reset",
              "reset-before-request",
              "connect-failure",
              "refused-stream",
              "retriable-4xx",
              "envoy-ratelimited",
              "cancelled",
              "deadline-exceeded",
              "internal",
              "resource-exhausted",
              "unavailable"));

  public RetryOn {
    Objects.requireNonNull(word);
  }

  /** Reads a word, or a status from 100 to 599. */
  public static RetryOn parse(String text) {
    if (WORDS.contains(text)) {
      return new RetryOn(text);
    }
    if (text.matches("[1-5]\\d\\d")) {
      return new RetryOn(text);
    }
    throw new IllegalArgumentException(
        "\""
            + text
            + "\" is no retry condition; use an HTTP status or one of "
            + String.join(", ", WORDS));
  }

  /** Whether this is an HTTP status rather than a word. */
  public boolean isStatus() {
    return Character.isDigit(word.charAt(0)) && !word.equals("5xx");
  }

  @Override
  public int compareTo(RetryOn other) {
    return word.compareTo(other.word);
  }

  @Override
  public String toString() {
    return word;
  }
}
