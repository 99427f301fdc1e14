package dev.sluice.policy.parse;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a number may be, as the Javadoc of what takes it says.
 *
 * @param least empty for no limit of its own
 * @param most empty for no limit of its own
 */
record Range(OptionalLong least, OptionalLong most) {
  private static final Pattern BETWEEN = Pattern.compile("\\b(\\d[\\d,]*) to (\\d[\\d,]*)");
  private static final Pattern AT_LEAST = Pattern.compile("\\bat least (\\d+)\\b");
  private static final Range ANY = new Range(OptionalLong.empty(), OptionalLong.empty());

  /** The range that {@code text} names. */
  static Range of(String text) {
    Range range = ANY;
    for (String clause : text.split(";", -1)) {
      // The default's own numbers are not the value's.
      if (!clause.strip().startsWith("default:")) {
        Matcher between = BETWEEN.matcher(clause);
        Matcher least = AT_LEAST.matcher(clause);
        if (between.find()) {
          range = new Range(number(between.group(1)), number(between.group(2)));
        } else if (least.find()) {
          range = new Range(number(least.group(1)), range.most());
        }
      }
    }
    return range;
  }

  /** In the keywords of JSON Schema, of which OpenAPI has these. */
  Map<String, Object> keywords() {
    Map<String, Object> keywords = new LinkedHashMap<>();
    least.ifPresent(number -> keywords.put("minimum", number));
    most.ifPresent(number -> keywords.put("maximum", number));
    return keywords;
  }

  private static OptionalLong number(String digits) {
    return OptionalLong.of(Long.parseLong(digits.replace(",", "")));
  }
}
