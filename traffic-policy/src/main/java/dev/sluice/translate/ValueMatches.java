package dev.sluice.translate;

import dev.sluice.spec.Route.ValueMatch;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.Locale;

/** Conditions on headers, query parameters and cookies. */
final class ValueMatches {
  private ValueMatches() {}

  static HeaderMatcher header(ValueMatch match) {
    HeaderMatcher.Builder header =
        HeaderMatcher.newBuilder().setName(match.name().toLowerCase(Locale.ROOT));
    return match.present() != null
        ? header.setPresentMatch(match.present()).build()
        : header.setStringMatch(string(match)).build();
  }

  /** A parameter that must be there; {@link #absentQuery} is for one that must not. */
  static QueryParameterMatcher query(ValueMatch match) {
    QueryParameterMatcher.Builder query = QueryParameterMatcher.newBuilder().setName(match.name());
    return match.present() != null
        ? query.setPresentMatch(match.present()).build()
        : query.setStringMatch(string(match)).build();
  }

  /** Envoy's matchers of parameters know no absence, so the path is looked at, which has them. */
  static HeaderMatcher absentQuery(ValueMatch match) {
    return HeaderMatcher.newBuilder()
        .setName(":path")
        .setStringMatch(regex("[^?]*\\?(?:.*&)?" + Patterns.literal(match.name()) + "(?:[=&].*)?"))
        .setInvertMatch(true)
        .build();
  }

  /** A cookie is a part of one header, which holds all of them. */
  static HeaderMatcher cookie(ValueMatch match) {
    HeaderMatcher.Builder cookie =
        HeaderMatcher.newBuilder()
            .setName("cookie")
            .setStringMatch(
                regex(
                    "(?:.*;\\s*)?"
                        + Patterns.literal(match.name())
                        + "="
                        + cookieValue(match)
                        + "(?:\\s*;.*)?"));
    if (Boolean.FALSE.equals(match.present())) {
      cookie.setInvertMatch(true).setTreatMissingHeaderAsEmpty(true);
    }
    return cookie.build();
  }

  static StringMatcher regex(String re2) {
    return StringMatcher.newBuilder().setSafeRegex(RegexMatcher.newBuilder().setRegex(re2)).build();
  }

  private static String cookieValue(ValueMatch match) {
    if (match.exact() != null) {
      return Patterns.literal(match.exact());
    } else if (match.prefix() != null) {
      return Patterns.literal(match.prefix()) + "[^;]*";
    } else if (match.suffix() != null) {
      return "[^;]*" + Patterns.literal(match.suffix());
    } else if (match.contains() != null) {
      return "[^;]*" + Patterns.literal(match.contains()) + "[^;]*";
    } else if (match.regex() != null) {
      return "(?:" + match.regex() + ")";
    }
    return "[^;]*";
  }

  private static StringMatcher string(ValueMatch match) {
    StringMatcher.Builder string = StringMatcher.newBuilder();
    if (match.exact() != null) {
      string.setExact(match.exact());
    } else if (match.prefix() != null) {
      string.setPrefix(match.prefix());
    } else if (match.suffix() != null) {
      string.setSuffix(match.suffix());
    } else if (match.contains() != null) {
      string.setContains(match.contains());
    } else if (match.regex() != null) {
      return regex(match.regex());
    } else {
      throw new IllegalArgumentException("a match without a condition is refused by validation");
    }
    return string.build();
  }
}
