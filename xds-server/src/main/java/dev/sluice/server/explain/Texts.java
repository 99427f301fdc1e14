package dev.sluice.server.explain;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.Locale;
import java.util.function.BiPredicate;

/** Which texts an {@code envoy.type.matcher.v3.StringMatcher} takes. */
final class Texts {
  private Texts() {}

  /**
   * Whether {@code matcher} takes {@code text}.
   *
   * @param subject what the text is, such as {@code header x-user}
   */
  static Holds match(String subject, String text, StringMatcher matcher) {
    boolean ignoring = matcher.getIgnoreCase();
    return switch (matcher.getMatchPatternCase()) {
      case EXACT -> exact(subject, text, matcher.getExact(), ignoring);
      case PREFIX ->
          compare(subject, text, "begin with", matcher.getPrefix(), ignoring, String::startsWith);
      case SUFFIX ->
          compare(subject, text, "end with", matcher.getSuffix(), ignoring, String::endsWith);
      case CONTAINS ->
          compare(subject, text, "contain", matcher.getContains(), ignoring, String::contains);
      case SAFE_REGEX -> regex(subject, text, matcher.getSafeRegex().getRegex());
      case CUSTOM ->
          Holds.cannotTell(subject + " is matched by an extension, which Envoy alone knows");
      case MATCHPATTERN_NOT_SET ->
          Holds.cannotTell(subject + " is matched in a way that is not known here");
    };
  }

  static Holds exact(String subject, String text, String wanted, boolean ignoringCase) {
    boolean holds = lower(text, ignoringCase).equals(lower(wanted, ignoringCase));
    return Holds.of(
        holds,
        holds ? subject + " is " + quoted(text) : subject + " is not " + shown(wanted, text));
  }

  /** Whether the comparison holds, told with its verb. */
  static Holds compare(
      String subject,
      String text,
      String verb,
      String wanted,
      boolean ignoringCase,
      BiPredicate<String, String> comparison) {
    boolean holds = comparison.test(lower(text, ignoringCase), lower(wanted, ignoringCase));
    return Holds.of(
        holds,
        holds
            ? subject + " " + third(verb) + " " + quoted(wanted)
            : subject + " does not " + verb + " " + shown(wanted, text));
  }

  /** Whether the whole text is of the language that RE2 reads in {@code regex}. */
  static Holds regex(String subject, String text, String regex) {
    try {
      boolean holds = Pattern.compile(regex).matches(text);
      return Holds.of(
          holds,
          holds
              ? subject + " matches " + regex
              : subject + " does not match " + regex + " (it is " + quoted(text) + ")");
    } catch (PatternSyntaxException _) {
      return Holds.cannotTell(subject + " is matched by " + regex + ", which cannot be read here");
    }
  }

  static String quoted(String text) {
    return "\"" + text + "\"";
  }

  private static String shown(String wanted, String text) {
    return quoted(wanted) + " (it is " + quoted(text) + ")";
  }

  private static String third(String verb) {
    int end = verb.indexOf(' ');
    return end < 0 ? verb + "s" : verb.substring(0, end) + "s" + verb.substring(end);
  }

  /** Envoy ignores the case of ASCII letters alone. */
  private static String lower(String text, boolean ignoringCase) {
    if (!ignoringCase) {
      return text;
    }
    StringBuilder lower = new StringBuilder(text.length());
    text.chars().forEach(c -> lower.append((char) (c >= 'A' && c <= 'Z' ? c + 32 : c)));
    return lower.toString();
  }

  /** The text with its ASCII letters in lower case. */
  static String lower(String text) {
    return text.chars().allMatch(c -> c < 0x80) ? text.toLowerCase(Locale.ROOT) : lower(text, true);
  }
}
