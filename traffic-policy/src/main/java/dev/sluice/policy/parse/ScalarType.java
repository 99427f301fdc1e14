package dev.sluice.policy.parse;

import java.util.regex.Pattern;

/** What a scalar is (YAML 1.2.2, section 10.3, the core schema). */
enum ScalarType {
  STRING("text"),
  INTEGER("a number"),
  DECIMAL("a number"),
  BOOLEAN("a boolean"),
  NULL("nothing");

  private static final Pattern NULLS = Pattern.compile("|~|null|Null|NULL");
  private static final Pattern BOOLEANS = Pattern.compile("true|True|TRUE|false|False|FALSE");

  /** Without the core schema's leading zeros: {@code 0503} is rather a code than 503. */
  private static final Pattern INTEGERS =
      Pattern.compile("[-+]?(?:0|[1-9][0-9]*)|0o[0-7]+|0x[0-9a-fA-F]+");

  private static final Pattern DECIMALS =
      Pattern.compile(
          "[-+]?(?:\\.[0-9]+|(?:0|[1-9][0-9]*)(?:\\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?"
              + "|[-+]?\\.(?:inf|Inf|INF)|\\.(?:nan|NaN|NAN)");

  /** Beyond this, a plain scalar is no number that anything here could hold. */
  private static final int LONGEST_NUMBER = 64;

  private final String noun;

  ScalarType(String noun) {
    this.noun = noun;
  }

  /** How messages call it. */
  String noun() {
    return noun;
  }

  /** What a scalar without quotes and without a tag is. */
  static ScalarType ofPlain(String text) {
    if (NULLS.matcher(text).matches()) {
      return NULL;
    }
    if (BOOLEANS.matcher(text).matches()) {
      return BOOLEAN;
    }
    if (text.length() > LONGEST_NUMBER) {
      return STRING;
    }
    if (INTEGERS.matcher(text).matches()) {
      return INTEGER;
    }
    return DECIMALS.matcher(text).matches() ? DECIMAL : STRING;
  }
}
