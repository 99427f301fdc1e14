package dev.sluice.server.csds;

import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.type.matcher.v3.DoubleMatcher;
import io.envoyproxy.envoy.type.matcher.v3.ListMatcher;
import io.envoyproxy.envoy.type.matcher.v3.OrMatcher;
import io.envoyproxy.envoy.type.matcher.v3.StructMatcher;
import io.envoyproxy.envoy.type.matcher.v3.ValueMatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** Which metadata an {@code envoy.type.matcher.v3.StructMatcher} takes. */
final class ValueMatches {
  private static final Value ABSENT = Value.getDefaultInstance();

  private ValueMatches() {}

  /**
   * The metadata that {@code matcher} takes.
   *
   * @param path where it is, for messages
   */
  static Predicate<Struct> of(StructMatcher matcher, String path) throws UnusableMatcherException {
    List<String> keys = new ArrayList<>();
    for (int i = 0; i < matcher.getPathCount(); i++) {
      if (matcher.getPath(i).getKey().isEmpty()) {
        throw new UnusableMatcherException("%s.path[%d]: write a key".formatted(path, i));
      }
      keys.add(matcher.getPath(i).getKey());
    }
    if (keys.isEmpty()) {
      throw new UnusableMatcherException(path + ".path: write the keys that lead to the value");
    }
    Predicate<Value> value = value(matcher.getValue(), path + ".value");
    return metadata -> value.test(at(metadata, keys).orElse(ABSENT));
  }

  private static Optional<Value> at(Struct metadata, List<String> keys) {
    Value value = Value.newBuilder().setStructValue(metadata).build();
    for (String key : keys) {
      Value next = value.getStructValue().getFieldsMap().get(key);
      if (next == null) {
        return Optional.empty();
      }
      value = next;
    }
    return Optional.of(value);
  }

  private static Predicate<Value> value(ValueMatcher matcher, String path)
      throws UnusableMatcherException {
    return switch (matcher.getMatchPatternCase()) {
      case NULL_MATCH -> Value::hasNullValue;
      case DOUBLE_MATCH -> number(matcher.getDoubleMatch(), path + ".double_match");
      case STRING_MATCH -> {
        Predicate<String> text = StringMatches.of(matcher.getStringMatch(), path + ".string_match");
        yield value -> value.hasStringValue() && text.test(value.getStringValue());
      }
      case BOOL_MATCH ->
          value -> value.hasBoolValue() && value.getBoolValue() == matcher.getBoolMatch();
      case PRESENT_MATCH ->
          value ->
              (value.getKindCase() != Value.KindCase.KIND_NOT_SET) == matcher.getPresentMatch();
      case LIST_MATCH -> list(matcher.getListMatch(), path + ".list_match");
      case OR_MATCH -> any(matcher.getOrMatch(), path + ".or_match");
      case MATCHPATTERN_NOT_SET ->
          throw new UnusableMatcherException(
              path
                  + ": write null_match, double_match, string_match, bool_match, present_match,"
                  + " list_match or or_match");
    };
  }

  private static Predicate<Value> number(DoubleMatcher matcher, String path)
      throws UnusableMatcherException {
    return switch (matcher.getMatchPatternCase()) {
      case RANGE ->
          value ->
              value.hasNumberValue()
                  && value.getNumberValue() >= matcher.getRange().getStart()
                  && value.getNumberValue() < matcher.getRange().getEnd();
      case EXACT -> value -> value.hasNumberValue() && value.getNumberValue() == matcher.getExact();
      case MATCHPATTERN_NOT_SET ->
          throw new UnusableMatcherException(path + ": write range or exact");
    };
  }

  private static Predicate<Value> list(ListMatcher matcher, String path)
      throws UnusableMatcherException {
    if (!matcher.hasOneOf()) {
      throw new UnusableMatcherException(path + ": write one_of");
    }
    Predicate<Value> element = value(matcher.getOneOf(), path + ".one_of");
    return value -> value.getListValue().getValuesList().stream().anyMatch(element);
  }

  private static Predicate<Value> any(OrMatcher matcher, String path)
      throws UnusableMatcherException {
    List<Predicate<Value>> alternatives = new ArrayList<>();
    for (int i = 0; i < matcher.getValueMatchersCount(); i++) {
      alternatives.add(
          value(matcher.getValueMatchers(i), "%s.value_matchers[%d]".formatted(path, i)));
    }
    return value -> alternatives.stream().anyMatch(alternative -> alternative.test(value));
  }
}
