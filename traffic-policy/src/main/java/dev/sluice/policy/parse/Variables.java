package dev.sluice.policy.parse;

import dev.sluice.policy.parse.YamlNode.Scalar;
import java.lang.reflect.Type;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What <code>${NAME}</code> and <code>${NAME:-text}</code> stand for in values.
 *
 * @param values of the variables by name; null where {@code $} means nothing
 */
record Variables(@Nullable Map<String, String> values) {
  /** {@code $} is a character like others. */
  static final Variables NONE = new Variables(null);

  private static final Pattern REFERENCE =
      Pattern.compile("\\$\\$\\{|\\$\\{(?:([A-Za-z_][A-Za-z0-9_]*)(:-([^}]*))?})?");

  /**
   * A scalar with its variables replaced. What they hold has no quotes, so the type that is wanted
   * decides whether {@code 1} is text.
   *
   * @throws IllegalArgumentException for a variable that is not set, with what to do
   */
  Scalar expand(Scalar scalar, Type wanted) {
    if (values == null || !scalar.text().contains("${")) {
      return scalar;
    }
    String text = REFERENCE.matcher(scalar.text()).replaceAll(found -> literal(values, found));
    return new Scalar(
        scalar.location(),
        text,
        wanted == String.class ? ScalarType.STRING : ScalarType.ofPlain(text));
  }

  private static String literal(Map<String, String> values, java.util.regex.MatchResult found) {
    return Matcher.quoteReplacement(
        found.group().startsWith("$$") ? "${" : value(values, found.group(1), found.group(3)));
  }

  private static String value(
      Map<String, String> values, @Nullable String name, @Nullable String otherwise) {
    if (name == null) {
      throw new IllegalArgumentException(
          "\"${\" begins a variable; write ${NAME} or ${NAME:-default}, or $${ for the characters");
    }
    String value = values.getOrDefault(name, "");
    if (!value.isEmpty()) {
      return value;
    }
    if (otherwise == null) {
      throw new IllegalArgumentException(
          "the environment variable "
              + name
              + (values.containsKey(name) ? " is empty" : " is not set")
              + "; set it, or write ${"
              + name
              + ":-default}");
    }
    return otherwise;
  }
}
