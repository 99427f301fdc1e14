package dev.sluice.translate.check;

import io.envoyproxy.pgv.validate.Validate;
import io.envoyproxy.pgv.validate.Validate.KnownRegex;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/** The rules of strings. */
final class StringRules {
  private static final List<String> KNOWN =
      List.of(
          "const",
          "min_len",
          "max_len",
          "min_bytes",
          "max_bytes",
          "pattern",
          "prefix",
          "suffix",
          "in",
          "not_in",
          "well_known_regex",
          "strict",
          "ignore_empty");

  /** The plain forms let through all but what would end or split a header. */
  private static final Pattern PLAIN_HEADER = Pattern.compile("[^\\x00\\n\\r]*");

  private static final Pattern STRICT_HEADER_NAME =
      Pattern.compile(":?[0-9a-zA-Z!#$%&'*+\\-.^_|~`]+");
  private static final Pattern STRICT_HEADER_VALUE =
      Pattern.compile("[^\\x00-\\x08\\n-\\x1F\\x7F]*");

  private StringRules() {}

  static List<ValueRule> of(Validate.StringRules rules) {
    ValueRules.rejectOthers(rules, KNOWN);
    List<ValueRule> all = new ArrayList<>();
    lengths(rules, all);
    if (rules.hasConst()) {
      all.add(rule(rules.getConst()::equals, "must be \"" + rules.getConst() + "\""));
    }
    if (rules.hasPattern()) {
      Pattern pattern = Pattern.compile(rules.getPattern());
      all.add(rule(text -> pattern.matcher(text).find(), "must match " + pattern));
    }
    if (rules.hasPrefix()) {
      all.add(rule(t -> t.startsWith(rules.getPrefix()), "must begin with " + rules.getPrefix()));
    }
    if (rules.hasSuffix()) {
      all.add(rule(text -> text.endsWith(rules.getSuffix()), "must end with " + rules.getSuffix()));
    }
    if (rules.getInCount() > 0) {
      all.add(rule(rules.getInList()::contains, "must be one of " + rules.getInList()));
    }
    if (rules.getNotInCount() > 0) {
      all.add(
          rule(t -> !rules.getNotInList().contains(t), "must not be in " + rules.getNotInList()));
    }
    if (rules.hasWellKnownRegex()) {
      all.add(header(rules.getWellKnownRegex(), rules.getStrict()));
    }
    return rules.getIgnoreEmpty() ? all.stream().map(StringRules::unlessEmpty).toList() : all;
  }

  private static ValueRule unlessEmpty(ValueRule rule) {
    return value -> ((String) value).isEmpty() ? "" : rule.broken(value);
  }

  private static void lengths(Validate.StringRules rules, List<ValueRule> all) {
    if (rules.hasMinLen() || rules.hasMaxLen()) {
      long max = rules.hasMaxLen() ? rules.getMaxLen() : Long.MAX_VALUE;
      all.add(
          value -> {
            String text = (String) value;
            int length = text.codePointCount(0, text.length());
            return length(length, rules.getMinLen(), max, "characters");
          });
    }
    if (rules.hasMinBytes() || rules.hasMaxBytes()) {
      long max = rules.hasMaxBytes() ? rules.getMaxBytes() : Long.MAX_VALUE;
      all.add(
          value ->
              length(ValueRules.utf8Length((String) value), rules.getMinBytes(), max, "bytes"));
    }
  }

  static String length(int length, long min, long max, String unit) {
    if (length < min) {
      return length == 0
          ? "must not be empty"
          : "must have at least " + min + " " + unit + ", has " + length;
    }
    return length > max ? "must have at most " + max + " " + unit + ", has " + length : "";
  }

  private static ValueRule header(KnownRegex form, boolean strict) {
    return switch (form) {
      case HTTP_HEADER_NAME -> header(strict ? STRICT_HEADER_NAME : PLAIN_HEADER, "name");
      case HTTP_HEADER_VALUE -> header(strict ? STRICT_HEADER_VALUE : PLAIN_HEADER, "value");
      case UNKNOWN -> throw ValueRules.unknown("string.well_known_regex");
    };
  }

  private static ValueRule header(Pattern pattern, String part) {
    return rule(
        text -> pattern.matcher(text).matches(), "has characters that no header " + part + " has");
  }

  private static ValueRule rule(Predicate<String> keeps, String broken) {
    return value -> keeps.test((String) value) ? "" : broken;
  }
}
