package dev.sluice.translate.check;

/** One rule about one value, or about a list as a whole. */
@FunctionalInterface
interface ValueRule {
  /** What {@code value} breaks; the empty string when it keeps the rule. */
  String broken(Object value);
}
