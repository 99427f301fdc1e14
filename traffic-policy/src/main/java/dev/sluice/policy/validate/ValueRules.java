package dev.sluice.policy.validate;

import dev.sluice.spec.Route.ValueMatch;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Conditions on headers, query parameters and cookies. */
final class ValueRules {
  private static final List<String> CONDITIONS =
      List.of("exact", "prefix", "suffix", "contains", "regex", "present");

  /** {@code QueryParameterMatcher.name}: max_bytes. */
  private static final int LONGEST_QUERY_NAME = 1024;

  /** The size of what surrounds a cookie's name and value in the {@code cookie} header. */
  private static final int COOKIE_FRAME = 36;

  private ValueRules() {}

  static void headers(At at, List<ValueMatch> headers) {
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.get(i).name();
      At own = at.index(i).key("name");
      if (name.startsWith(":")) {
        own.error("\"" + name + "\" is no header; match by path or methods instead");
      } else if (name.toLowerCase(Locale.ROOT).equals("cookie")) {
        own.error("match a cookie by its name under cookies instead");
      } else {
        headerName(own, name);
      }
      value(at.index(i), headers.get(i));
    }
  }

  /** RFC 9110, section 5.1. */
  static void headerName(At at, String name) {
    if (!Names.isToken(name)) {
      at.error("\"" + name + "\" is not a header name; write such as x-canary");
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
      fits(at.index(i), name, cookies.get(i));
    }
  }

  /** Envoy has no matcher of cookies: name and value become a regular expression on the header. */
  private static void fits(At at, String name, ValueMatch match) {
    String value =
        Stream.of(match.exact(), match.prefix(), match.suffix(), match.contains())
            .filter(Objects::nonNull)
            .findFirst()
            .orElse("");
    int size = bytes(name) + (match.regex() == null ? bytes(value) : RegexSize.of(match.regex()));
    if (size > Regexes.LARGEST - COOKIE_FRAME) {
      at.error(
          "is too long for Envoy's regular expressions: name and value may have "
              + (Regexes.LARGEST - COOKIE_FRAME)
              + " bytes together; match a shorter part of the value by prefix");
    }
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
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
