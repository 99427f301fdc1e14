package dev.sluice.policy.parse;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the API server can judge of values that depend on each other, in the words of {@code
 * dev.sluice.policy.validate}. A rule never refuses what the validator takes.
 *
 * <p>The API server reckons what each rule and message may cost at most, and takes no definition
 * that may cost too much: a message is made of parts whose length is known, so neither of numbers
 * nor of lists that are joined.
 */
final class CelRules {
  private static final Map<Class<?>, List<CelRule>> SECTIONS = new HashMap<>();
  private static final Map<Class<?>, List<CelRule>> ITEMS = new HashMap<>();

  static {
    SECTIONS.putAll(PolicyCelRules.sections());
    SECTIONS.putAll(RolloutCelRules.sections());
    SECTIONS.putAll(ResilienceCelRules.sections());
    SECTIONS.putAll(OtherCelRules.sections());
    ITEMS.putAll(PolicyCelRules.items());
    ITEMS.putAll(OtherCelRules.items());
  }

  private CelRules() {}

  /** The rules of a record that stands in no list. */
  static List<CelRule> ofSection(Class<?> type) {
    return SECTIONS.getOrDefault(type, List.of());
  }

  /** The rules of a record that is an item of a list which stands in no other. */
  static List<CelRule> ofItem(Class<?> type) {
    return ITEMS.getOrDefault(type, List.of());
  }

  /** CEL: whether the key is there. */
  static String has(String key) {
    return "has(self." + key + ")";
  }

  /** CEL: whether the list or mapping is there and holds something. */
  static String some(String key) {
    return "(has(self.%1$s) && size(self.%1$s) > 0)".formatted(key);
  }

  /**
   * One of several keys.
   *
   * @param several whether it has a list or mapping, which is not given while it is empty
   */
  record Choice(String key, boolean several) {
    String given() {
      return several ? some(key) : has(key);
    }
  }

  static List<Choice> choices(String... keys) {
    return List.of(keys).stream().map(key -> new Choice(key, false)).toList();
  }

  /** Exactly one of {@code choices}. */
  static List<CelRule> exactlyOne(List<Choice> choices) {
    List<CelRule> both = new ArrayList<>();
    both.add(someOf(choices, "needs one of " + keys(choices, ", ")));
    both.addAll(atMostOne(choices));
    return both;
  }

  /** At least one of {@code choices}. */
  static CelRule someOf(List<Choice> choices, String message) {
    return CelRule.saying(
        choices.stream().map(Choice::given).collect(Collectors.joining(" || ")), message);
  }

  /** Not two of {@code choices}. */
  static List<CelRule> atMostOne(List<Choice> choices) {
    List<CelRule> pairs = new ArrayList<>();
    for (int i = 0; i < choices.size(); i++) {
      for (Choice other : choices.subList(i + 1, choices.size())) {
        Choice one = choices.get(i);
        pairs.add(
            CelRule.saying(
                "!%s || !%s".formatted(one.given(), other.given()),
                "has %s and %s; keep one of them".formatted(one.key(), other.key())));
      }
    }
    return pairs;
  }

  /** A number that is {@code self}. */
  static List<CelRule> inRange(Range range) {
    if (range.least().isEmpty()) {
      return List.of();
    }
    long least = range.least().getAsLong();
    String notLess = "self >= " + least;
    return List.of(
        range.most().isPresent()
            ? CelRule.saying(
                notLess + " && self <= " + range.most().getAsLong(),
                "is not within " + least + ".." + range.most().getAsLong())
            : CelRule.saying(notLess, "is too small; the least is " + least));
  }

  private static String keys(List<Choice> choices, String between) {
    return choices.stream().map(Choice::key).collect(Collectors.joining(between));
  }

  /** CEL: whether {@code value} is a duration as documents write it. */
  static String isDuration(String value) {
    return value
        + ".matches('^([0-9]{1,9}h)?([0-9]{1,9}m)?([0-9]{1,9}s)?([0-9]{1,9}ms)?$') && "
        + value
        + " != ''";
  }
}
