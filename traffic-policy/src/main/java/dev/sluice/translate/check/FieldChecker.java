package dev.sluice.translate.check;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.OneofDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.MessageOrBuilder;
import dev.sluice.translate.check.MessageRules.FieldRules;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks messages against the rules of protoc-gen-validate that stand in their descriptors ({@code
 * validate.rules}), as Envoy does with what it is sent, also inside of each {@code
 * google.protobuf.Any} of a known type.
 *
 * <p>Rules are read once for each type and kept, so an instance is for one thread.
 */
public final class FieldChecker {
  private final Map<Descriptor, MessageRules> compiled = new HashMap<>();
  private final Map<String, Descriptor> packed = new HashMap<>();

  /**
   * A checker.
   *
   * @param packed the types that may stand in an Any; what is of another type is not looked into
   */
  public FieldChecker(Collection<Descriptor> packed) {
    packed.forEach(type -> this.packed.put(type.getFullName(), type));
  }

  /** What {@code message} breaks, in the order of its fields; empty when Envoy's rules are kept. */
  public List<Violation> check(Message message) {
    List<Violation> found = new ArrayList<>();
    check(message, found);
    return found;
  }

  private void check(MessageOrBuilder message, List<Violation> found) {
    Descriptor type = message.getDescriptorForType();
    if (type.equals(Any.getDescriptor())) {
      checkPacked(message, found);
      return;
    }
    MessageRules rules = compiled.get(type);
    if (rules == null) {
      rules = MessageRules.of(type);
      compiled.put(type, rules);
    }
    for (OneofDescriptor oneof : rules.required()) {
      if (!message.hasOneof(oneof)) {
        found.add(new Violation(oneof.getName(), "is required: one of its fields must be set"));
      }
    }
    for (FieldRules field : rules.fields()) {
      check(message, field, found);
    }
  }

  private void check(MessageOrBuilder message, FieldRules rules, List<Violation> found) {
    String name = rules.field().getName();
    if (rules.field().isRepeated()) {
      List<?> items = (List<?>) message.getField(rules.field());
      rules.list().forEach(rule -> note(rule.broken(items), name, found));
      for (int i = 0; i < items.size(); i++) {
        if (rules.field().isMapField()) {
          checkEntry((Message) items.get(i), rules, found);
        } else {
          checkValue(items.get(i), rules.value(), rules.descend(), name, i, found);
        }
      }
    } else if (!rules.field().hasPresence() || message.hasField(rules.field())) {
      checkValue(message.getField(rules.field()), rules.value(), rules.descend(), name, -1, found);
    } else if (rules.required()) {
      found.add(new Violation(name, "is required"));
    }
  }

  private void checkEntry(Message entry, FieldRules rules, List<Violation> found) {
    Descriptor type = entry.getDescriptorForType();
    Object key = entry.getField(type.findFieldByNumber(1));
    String path = rules.field().getName() + "[\"" + key + "\"]";
    rules.keys().forEach(rule -> note(rule.broken(key), path, found));
    checkValue(
        entry.getField(type.findFieldByNumber(2)), rules.value(), rules.descend(), path, -1, found);
  }

  private void checkValue(
      Object value,
      List<ValueRule> rules,
      MessageRules.Descend descend,
      String name,
      int index,
      List<Violation> found) {
    int before = found.size();
    for (ValueRule rule : rules) {
      note(rule.broken(value), "", found);
    }
    if (descend == MessageRules.Descend.YES) {
      check((MessageOrBuilder) value, found);
    }
    if (found.size() > before) {
      String path = index < 0 ? name : name + "[" + index + "]";
      found.subList(before, found.size()).replaceAll(violation -> violation.under(path));
    }
  }

  private static void note(String broken, String path, List<Violation> found) {
    if (!broken.isEmpty()) {
      found.add(new Violation(path, broken));
    }
  }

  private void checkPacked(MessageOrBuilder any, List<Violation> found) {
    String url = (String) any.getField(Any.getDescriptor().findFieldByName("type_url"));
    Descriptor type = packed.get(url.substring(url.lastIndexOf('/') + 1));
    if (type == null) {
      return;
    }
    Object bytes = any.getField(Any.getDescriptor().findFieldByName("value"));
    try {
      check(DynamicMessage.parseFrom(type, (ByteString) bytes), found);
    } catch (InvalidProtocolBufferException e) {
      found.add(new Violation("value", "is not a " + type.getFullName()));
    }
  }
}
