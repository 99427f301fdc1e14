package dev.sluice.spec;

import java.util.Objects;

/**
 * A regular expression and what stands in the place of all that it matches ({@code
 * envoy.type.matcher.v3.RegexMatchAndSubstitute}).
 *
 * @param pattern RE2, found anywhere in the path without the query
 * @param substitution with {@code \1} for the first group; {@code \\} is a backslash
 */
public record RegexRewrite(@Required String pattern, @Required String substitution) {
  public RegexRewrite {
    Objects.requireNonNull(pattern);
    Objects.requireNonNull(substitution);
  }
}
