package dev.sluice.translate.check;

import com.google.protobuf.Any;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.Descriptors.OneofDescriptor;
import io.envoyproxy.pgv.validate.Validate;
import io.envoyproxy.pgv.validate.Validate.FieldRules.TypeCase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The rules of one message type, as its descriptor's options have them.
 *
 * @param fields those fields that have rules, or messages with rules in them, or that a oneof needs
 * @param byNumber the place of each of them, by its number
 * @param required the oneofs of which a field must be set
 */
record MessageRules(
    List<FieldRules> fields, Map<Integer, Integer> byNumber, List<RequiredOneof> required) {
  /**
   * A oneof of which a field must be set.
   *
   * @param fields the places of its fields
   */
  record RequiredOneof(String name, List<Integer> fields) {}

  static MessageRules of(Descriptor type) {
    if (isDisabled(type)) {
      return new MessageRules(List.of(), Map.of(), List.of());
    }
    List<OneofDescriptor> oneofs =
        type.getOneofs().stream().filter(MessageRules::isRequired).toList();
    List<FieldRules> fields = new ArrayList<>();
    Map<OneofDescriptor, List<Integer>> places = new HashMap<>();
    Map<Integer, Integer> byNumber = new HashMap<>();
    for (FieldDescriptor field : type.getFields()) {
      FieldRules rules = FieldRules.of(field);
      OneofDescriptor oneof = field.getContainingOneof();
      boolean counts = oneof != null && oneofs.contains(oneof);
      if (counts || !rules.isEmpty()) {
        if (counts) {
          places.computeIfAbsent(oneof, _ -> new ArrayList<>()).add(fields.size());
        }
        byNumber.put(field.getNumber(), fields.size());
        fields.add(rules);
      }
    }
    return new MessageRules(
        List.copyOf(fields),
        Map.copyOf(byNumber),
        oneofs.stream()
            .map(oneof -> new RequiredOneof(oneof.getName(), places.getOrDefault(oneof, List.of())))
            .toList());
  }

  /** The place of the field of that number, or -1 where it has no rules. */
  int place(int number) {
    Integer place = byNumber.get(number);
    return place == null ? -1 : place;
  }

  private static boolean isRequired(OneofDescriptor oneof) {
    return oneof.getOptions().getExtension(Validate.required);
  }

  private static boolean isDisabled(Descriptor type) {
    return type.getOptions().getExtension(Validate.disabled)
        || type.getOptions().getExtension(Validate.ignored);
  }

  /** Whether there is a rule in {@code type}, or may be one in what it holds. */
  static boolean anyIn(Descriptor type) {
    return anyIn(type, new HashSet<>());
  }

  private static boolean anyIn(Descriptor type, Set<Descriptor> seen) {
    if (!seen.add(type) || isDisabled(type)) {
      return false;
    }
    return type.equals(Any.getDescriptor())
        || type.getOneofs().stream().anyMatch(MessageRules::isRequired)
        || type.getFields().stream().anyMatch(field -> anyIn(field, seen));
  }

  private static boolean anyIn(FieldDescriptor field, Set<Descriptor> seen) {
    Validate.FieldRules rules = field.getOptions().getExtension(Validate.rules);
    return rules.getTypeCase() != TypeCase.TYPE_NOT_SET
        || rules.hasMessage()
        || (field.getJavaType() == JavaType.MESSAGE && anyIn(field.getMessageType(), seen));
  }
}
