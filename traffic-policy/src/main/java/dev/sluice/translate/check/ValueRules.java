package dev.sluice.translate.check;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.envoyproxy.pgv.validate.Validate;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * Rules of protoc-gen-validate as functions. A kind of rule that Envoy's protos do not use is not
 * known here and is an {@link IllegalArgumentException}, so that none is passed over in silence.
 */
final class ValueRules {
  private ValueRules() {}

  /** The rules of a value of {@code field}. */
  static List<ValueRule> of(Validate.FieldRules rules, FieldDescriptor field) {
    Map<FieldDescriptor, Object> given = rules.getAllFields();
    List<ValueRule> all = new ArrayList<>();
    given.forEach(
        (kind, value) -> {
          switch (kind.getName()) {
            // Whether a message is there, and what is in it, is not about a value.
            case "message", "any" -> {}
            case "string" -> all.addAll(StringRules.of((Validate.StringRules) value));
            case "bytes" -> all.addAll(bytes((Validate.BytesRules) value));
            case "enum" -> all.addAll(enums((Validate.EnumRules) value, field));
            case "bool" -> all.add(constant((Validate.BoolRules) value));
            default -> all.add(Bounds.of((Message) value));
          }
        });
    return List.copyOf(all);
  }

  private static ValueRule constant(Validate.BoolRules rules) {
    return value -> value.equals(rules.getConst()) ? "" : "must be " + rules.getConst();
  }

  private static List<ValueRule> bytes(Validate.BytesRules rules) {
    long min = rules.getMinLen();
    long max = rules.hasMaxLen() ? rules.getMaxLen() : Long.MAX_VALUE;
    rejectOthers(rules, List.of("min_len", "max_len"));
    return List.of(value -> StringRules.length(((ByteString) value).size(), min, max, "bytes"));
  }

  private static List<ValueRule> enums(Validate.EnumRules rules, FieldDescriptor field) {
    rejectOthers(rules, List.of("defined_only", "not_in", "in", "const"));
    List<ValueRule> all = new ArrayList<>();
    if (rules.getDefinedOnly()) {
      all.add(
          number(n -> field.getEnumType().findValueByNumber(n) != null, "is not a known value"));
    }
    if (rules.getNotInCount() > 0) {
      all.add(number(n -> !rules.getNotInList().contains(n), "is a value that is not allowed"));
    }
    if (rules.getInCount() > 0) {
      all.add(number(n -> rules.getInList().contains(n), "is a value that is not allowed"));
    }
    if (rules.hasConst()) {
      all.add(number(n -> n == rules.getConst(), "is a value that is not allowed"));
    }
    return all;
  }

  private static ValueRule number(Predicate<Integer> keeps, String broken) {
    return value -> {
      int number = (Integer) value;
      return keeps.test(number) ? "" : broken + ": " + number;
    };
  }

  /** No rule is left unread. */
  static void rejectOthers(Message rules, List<String> known) {
    rules
        .getAllFields()
        .keySet()
        .forEach(
            rule -> {
              if (!known.contains(rule.getName())) {
                throw unknown(rule.getFullName());
              }
            });
  }

  static IllegalArgumentException unknown(String rule) {
    return new IllegalArgumentException("a rule of a kind not known here: " + rule);
  }

  static int utf8Length(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
