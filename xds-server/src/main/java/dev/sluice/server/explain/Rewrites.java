package dev.sluice.server.explain;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.type.matcher.v3.RegexMatchAndSubstitute;
import java.util.Optional;

/** What a path becomes ({@code prefix_rewrite}, {@code regex_rewrite}); the query stays. */
final class Rewrites {
  private Rewrites() {}

  /** What an instance is asked for; empty for what the proxy was asked for. */
  static Optional<String> path(Route route, Seen seen) {
    var action = route.getRoute();
    if (!action.getPrefixRewrite().isEmpty()) {
      return Optional.of(prefix(route.getMatch(), seen, action.getPrefixRewrite()));
    }
    return action.hasRegexRewrite()
        ? Optional.of(regex(seen, action.getRegexRewrite()))
        : Optional.empty();
  }

  /** Envoy swaps as many letters as were matched. */
  static String prefix(RouteMatch match, Seen seen, String by) {
    int matched =
        switch (match.getPathSpecifierCase()) {
          case PREFIX -> match.getPrefix().length();
          case PATH_SEPARATED_PREFIX -> match.getPathSeparatedPrefix().length();
          default -> seen.barePath().length();
        };
    return by + seen.path().substring(matched);
  }

  static String regex(Seen seen, RegexMatchAndSubstitute rewrite) {
    String path = seen.barePath();
    String rest = seen.path().substring(path.length());
    try {
      Matcher matcher = Pattern.compile(rewrite.getPattern().getRegex()).matcher(path);
      return replaced(matcher, path, rewrite.getSubstitution()) + rest;
    } catch (PatternSyntaxException _) {
      return seen.path();
    }
  }

  /** As RE2's {@code GlobalReplace} does it: nothing empty right behind a match. */
  private static String replaced(Matcher matcher, String path, String substitution) {
    StringBuilder text = new StringBuilder();
    int end = 0;
    boolean before = false;
    while (matcher.find()) {
      if (before && matcher.start() == end && matcher.end() == end) {
        continue;
      }
      text.append(path, end, matcher.start());
      substitute(matcher, substitution, text);
      end = matcher.end();
      before = true;
    }
    return text.append(path.substring(end)).toString();
  }

  private static void substitute(Matcher matcher, String substitution, StringBuilder text) {
    for (int i = 0; i < substitution.length(); i++) {
      char c = substitution.charAt(i);
      if (c != '\\' || i + 1 == substitution.length()) {
        text.append(c);
        continue;
      }
      char next = substitution.charAt(++i);
      if (next == '\\') {
        text.append('\\');
      } else if (next >= '0' && next <= '9' && next - '0' <= matcher.groupCount()) {
        String group = matcher.group(next - '0');
        text.append(group == null ? "" : group);
      }
    }
  }
}
