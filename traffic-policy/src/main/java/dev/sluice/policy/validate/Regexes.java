package dev.sluice.policy.validate;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;

/** Regular expressions that Envoy's RE2 takes. */
final class Regexes {
  private Regexes() {}

  static void check(At at, String regex) {
    if (regex.isEmpty()) {
      at.error("is empty; write a regular expression in RE2 syntax");
      return;
    }
    try {
      Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      at.error("is not RE2 syntax: " + e.getDescription() + shown(e) + advice(regex));
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
