package dev.sluice.policy.validate;

import dev.sluice.spec.Route.ValueMatch;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Conditions on headers, query parameters and cookies. */
final class ValueRules {
  private static final List<String> CONDITIONS =
      List.of("exact", "prefix", "suffix", "contains", "regex", "present");

  /** {@code QueryParameterMatcher.name}: max_bytes. */
  private static final int LONGEST_QUERY_NAME = 1024;

  private ValueRules() {}

  static void headers(At at, List<ValueMatch> headers) {
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.get(i).name();
      At own = at.index(i).key("name");
      if (name.startsWith(":")) {
        own.error("\"" + name + "\" is no header; match by path or methods instead");
      } else if (name.toLowerCase(Locale.ROOT).equals("cookie")) {
        own.error("match a cookie by its name under cookies instead");
      } else if (!Names.isToken(name)) {
        own.error("\"" + name + "\" is not a header name; write such as x-canary");
      }
      value(at.index(i), headers.get(i));
    }
  }

  static void query(At at, List<ValueMatch> parameters) {
    for (int i = 0; i < parameters.size(); i++) {
      String name = parameters.get(i).name();
      if (name.isEmpty() || name.length() > LONGEST_QUERY_NAME) {
        at.index(i)
            .key("name")
            .error("a query parameter's name has 1 to " + LONGEST_QUERY_NAME + " characters");
      }
      value(at.index(i), parameters.get(i));
    }
  }

  static void cookies(At at, List<ValueMatch> cookies) {
    for (int i = 0; i < cookies.size(); i++) {
      String name = cookies.get(i).name();
      if (!Names.isToken(name)) {
        at.index(i)
            .key("name")
            .error("\"" + name + "\" is not a cookie name; write such as tester");
      }
      value(at.index(i), cookies.get(i));
    }
  }

  private static void value(At at, ValueMatch match) {
    boolean one =
        OneOf.exactlyOne(
            at,
            CONDITIONS,
            match.exact() != null,
            match.prefix() != null,
            match.suffix() != null,
            match.contains() != null,
            match.regex() != null,
            match.present() != null);
    if (!one) {
      return;
    }
    notEmpty(at.key("prefix"), match.prefix());
    notEmpty(at.key("suffix"), match.suffix());
    notEmpty(at.key("contains"), match.contains());
    if (match.regex() != null) {
      Regexes.check(at.key("regex"), match.regex());
    }
  }

  private static void notEmpty(At at, @Nullable String value) {
    if (value != null && value.isEmpty()) {
      at.error("is empty, which every value satisfies; write present: true");
    }
  }
}
