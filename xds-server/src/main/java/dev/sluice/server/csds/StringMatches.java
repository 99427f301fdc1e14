package dev.sluice.server.csds;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.Locale;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/** Which texts an {@code envoy.type.matcher.v3.StringMatcher} takes. */
final class StringMatches {
  private StringMatches() {}

  /**
   * The texts that {@code matcher} takes.
   *
   * @param path where it is, for messages
   */
  static Predicate<String> of(StringMatcher matcher, String path) throws UnusableMatcherException {
    return switch (matcher.getMatchPatternCase()) {
      case EXACT -> compare(matcher, matcher.getExact(), String::equals);
      case PREFIX -> compare(matcher, matcher.getPrefix(), String::startsWith);
      case SUFFIX -> compare(matcher, matcher.getSuffix(), String::endsWith);
      case CONTAINS -> compare(matcher, matcher.getContains(), String::contains);
      case SAFE_REGEX -> regex(matcher.getSafeRegex().getRegex(), path);
      case CUSTOM -> throw new UnusableMatcherException(path + ".custom: no extension is known");
      case MATCHPATTERN_NOT_SET ->
          throw new UnusableMatcherException(
              path + ": write exact, prefix, suffix, contains or safe_regex");
    };
  }

  private static Predicate<String> compare(
      StringMatcher matcher, String wanted, BiPredicate<String, String> comparison) {
    if (matcher.getIgnoreCase()) {
      String lower = wanted.toLowerCase(Locale.ROOT);
      return text -> comparison.test(text.toLowerCase(Locale.ROOT), lower);
    }
    return text -> comparison.test(text, wanted);
  }

  private static Predicate<String> regex(String regex, String path)
      throws UnusableMatcherException {
    try {
      Pattern pattern = Pattern.compile(regex);
      return pattern::matches;
    } catch (PatternSyntaxException e) {
      throw new UnusableMatcherException(path + ".safe_regex: " + e.getMessage());
    }
  }
}
