package dev.sluice.policy.validate;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/** Regular expressions that Envoy's RE2 takes. */
final class Regexes {
  /** {@code re2.max_program_size.error_level}, where an Envoy's runtime does not set it. */
  static final int LARGEST = 100;

  private static final java.util.regex.Pattern WIDE_ESCAPE =
      java.util.regex.Pattern.compile("\\\\x\\{0*[0-9a-fA-F]{3,}\\}");

  private Regexes() {}

  static void check(At at, String regex) {
    int size = RegexSize.of(regex);
    if (regex.isEmpty()) {
      at.error("is empty; write a regular expression in RE2 syntax");
    } else if (!regex.chars().allMatch(c -> c < 0x80) || WIDE_ESCAPE.matcher(regex).find()) {
      at.error("Envoy matches bytes, so an expression may hold ASCII characters only");
    } else if (size > LARGEST) {
      at.error(
          "is too large for Envoy: it compiles to about "
              + size
              + " steps, the most is "
              + LARGEST
              + "; make it shorter");
    } else {
      syntax(at, regex);
    }
  }

  private static void syntax(At at, String regex) {
    try {
      Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      // Its parser has no message of its own for this one.
      boolean unopened = e.getDescription().contains("internal error");
      at.error(
          "is not RE2 syntax: "
              + (unopened ? "unexpected )" : e.getDescription() + shown(e))
              + advice(regex));
    }
  }

  private static String shown(PatternSyntaxException e) {
    String part = e.getPattern();
    return part == null || part.isEmpty() ? "" : " in \"" + part + "\"";
  }

  private static String advice(String regex) {
    if (regex.contains("(?=") || regex.contains("(?!") || regex.contains("(?<")) {
      return "; RE2 cannot look ahead or behind";
    }
    return regex.matches(".*\\\\[1-9].*") ? "; RE2 has no back references" : "";
  }
}
