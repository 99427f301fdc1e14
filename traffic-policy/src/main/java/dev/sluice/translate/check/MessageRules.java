package dev.sluice.translate.check;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.OneofDescriptor;
import io.envoyproxy.pgv.validate.Validate;
import io.envoyproxy.pgv.validate.Validate.FieldRules.TypeCase;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The rules of one message type, as its descriptor's options have them.
 *
 * @param required the oneofs of which a field must be set
 * @param fields those fields that have rules, or messages with rules in them
 */
record MessageRules(List<OneofDescriptor> required, List<FieldRules> fields) {
  /** Whether the messages in a field are looked into. */
  enum Descend {
    YES,
    NO
  }

  /**
   * The rules of one field.
   *
   * @param required whether it must be set
   * @param value the rules of its value; of each item or value, for a list or map
   * @param keys the rules of a map's keys
   * @param list the rules of a list or map as a whole
   */
  record FieldRules(
      FieldDescriptor field,
      boolean required,
      List<ValueRule> value,
      List<ValueRule> keys,
      List<ValueRule> list,
      Descend descend) {
    boolean isEmpty() {
      return !required
          && value.isEmpty()
          && keys.isEmpty()
          && list.isEmpty()
          && descend == Descend.NO;
    }
  }

  static MessageRules of(Descriptor type) {
    if (isDisabled(type)) {
      return new MessageRules(List.of(), List.of());
    }
    return new MessageRules(
        type.getOneofs().stream().filter(MessageRules::isRequired).toList(),
        type.getFields().stream().map(MessageRules::of).filter(rules -> !rules.isEmpty()).toList());
  }

  private static FieldRules of(FieldDescriptor field) {
    Validate.FieldRules rules = field.getOptions().getExtension(Validate.rules);
    return switch (rules.getTypeCase()) {
      case REPEATED ->
          new FieldRules(
              field,
              false,
              ValueRules.of(rules.getRepeated().getItems(), field),
              List.of(),
              ValueRules.ofList(rules.getRepeated()),
              descend(field, rules.getRepeated().getItems()));
      case MAP ->
          new FieldRules(
              field,
              false,
              ValueRules.of(rules.getMap().getValues(), mapped(field, 2)),
              ValueRules.of(rules.getMap().getKeys(), mapped(field, 1)),
              ValueRules.ofMap(rules.getMap()),
              descend(mapped(field, 2), rules.getMap().getValues()));
      default -> {
        FieldDescriptor value = field.isMapField() ? mapped(field, 2) : field;
        yield new FieldRules(
            field,
            // Of a oneof's fields only that which is set counts.
            field.getRealContainingOneof() == null && isRequired(rules),
            ValueRules.of(rules, value),
            List.of(),
            List.of(),
            descend(value, rules));
      }
    };
  }

  private static FieldDescriptor mapped(FieldDescriptor map, int number) {
    return map.getMessageType().findFieldByNumber(number);
  }

  private static boolean isRequired(Validate.FieldRules rules) {
    return rules.getMessage().getRequired()
        || rules.getAny().getRequired()
        || rules.getDuration().getRequired()
        || rules.getTimestamp().getRequired();
  }

  private static boolean isRequired(OneofDescriptor oneof) {
    return oneof.getOptions().getExtension(Validate.required);
  }

  private static boolean isDisabled(Descriptor type) {
    return type.getOptions().getExtension(Validate.disabled)
        || type.getOptions().getExtension(Validate.ignored);
  }

  private static Descend descend(FieldDescriptor field, Validate.FieldRules rules) {
    boolean looksInto =
        field.getJavaType() == JavaType.MESSAGE
            && !rules.getMessage().getSkip()
            && hasRules(field.getMessageType(), new HashSet<>());
    return looksInto ? Descend.YES : Descend.NO;
  }

  /** Whether there is a rule in {@code type}, or may be one in what it holds. */
  private static boolean hasRules(Descriptor type, Set<Descriptor> seen) {
    if (!seen.add(type) || isDisabled(type)) {
      return false;
    }
    return type.equals(Any.getDescriptor())
        || type.getOneofs().stream().anyMatch(MessageRules::isRequired)
        || type.getFields().stream().anyMatch(field -> hasRules(field, seen));
  }

  private static boolean hasRules(FieldDescriptor field, Set<Descriptor> seen) {
    return field.getOptions().getExtension(Validate.rules).getTypeCase() != TypeCase.TYPE_NOT_SET
        || field.getOptions().getExtension(Validate.rules).hasMessage()
        || (field.getJavaType() == JavaType.MESSAGE && hasRules(field.getMessageType(), seen));
  }
}
