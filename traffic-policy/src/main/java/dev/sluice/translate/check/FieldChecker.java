package dev.sluice.translate.check;

import com.google.protobuf.Any;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Message;
import dev.sluice.translate.check.FieldRules.Items;
import dev.sluice.translate.check.FieldRules.Value;
import dev.sluice.translate.check.MessageRules.RequiredOneof;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks messages against the rules of protoc-gen-validate that stand in their descriptors ({@code
 * validate.rules}), as Envoy does with what it is sent, also inside of each {@code
 * google.protobuf.Any} of a known type.
 *
 * <p>It walks the encoded message rather than the object: what is not set costs nothing, an Any is
 * like any other message, and the generated classes' reflection, which is slow to warm up, is not
 * needed. Rules are read once for each type and kept, so an instance is for one thread.
 */
public final class FieldChecker {
  private static final int LENGTH_DELIMITED = 2;

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

  /** What {@code message} breaks; empty when Envoy's rules are kept. */
  public List<Violation> check(Message message) {
    List<Violation> found = new ArrayList<>();
    try {
      check(
          message.getDescriptorForType(),
          CodedInputStream.newInstance(message.toByteArray()),
          found);
    } catch (IOException e) {
      throw new IllegalStateException("bytes that were encoded here cannot be read", e);
    }
    return found;
  }

  private void check(Descriptor type, CodedInputStream in, List<Violation> found)
      throws IOException {
    if (type.equals(Any.getDescriptor())) {
      checkPacked(in, found);
      return;
    }
    MessageRules rules = compiled.get(type);
    if (rules == null) {
      rules = MessageRules.of(type);
      compiled.put(type, rules);
    }
    int[] counts = new int[rules.fields().size()];
    Map<FieldRules, Set<Object>> unique = new HashMap<>(0);
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      int place = rules.place(tag >>> 3);
      if (place < 0) {
        in.skipField(tag);
      } else {
        FieldRules field = rules.fields().get(place);
        int from = counts[place];
        counts[place] += read(field, tag, from, in, unique, found);
      }
    }
    checkAbsent(rules, counts, found);
  }

  /** What only shows at a message's end: how often each field was there. */
  private static void checkAbsent(MessageRules rules, int[] counts, List<Violation> found) {
    for (int i = 0; i < counts.length; i++) {
      FieldRules field = rules.fields().get(i);
      String name = field.field().name();
      if (field.field().repeated()) {
        note(field.size().broken(counts[i]), name, found);
      } else if (counts[i] == 0 && field.required()) {
        found.add(new Violation(name, "is required"));
      } else if (counts[i] == 0 && !field.field().presence() && !field.rules().isEmpty()) {
        Object unset = WireValues.unset(field.field().each());
        field.rules().forEach(rule -> note(rule.broken(unset), name, found));
      }
    }
    for (RequiredOneof oneof : rules.required()) {
      if (oneof.fields().stream().allMatch(place -> counts[place] == 0)) {
        found.add(new Violation(oneof.name(), "is required: one of its fields must be set"));
      }
    }
  }

  /** Reads what stands behind a tag, and tells how many values it was. */
  private int read(
      FieldRules rules,
      int tag,
      int index,
      CodedInputStream in,
      Map<FieldRules, Set<Object>> unique,
      List<Violation> found)
      throws IOException {
    if (rules.field().map()) {
      readEntry(rules, in, found);
      return 1;
    }
    if (!rules.field().repeated() || !isPacked(rules, tag)) {
      readValue(rules, index, in, unique, found);
      return 1;
    }
    int items = 0;
    int before = in.pushLimit(in.readRawVarint32());
    while (!in.isAtEnd()) {
      readValue(rules, index + items++, in, unique, found);
    }
    in.popLimit(before);
    return items;
  }

  /** Whether several items of a list stand behind the tag. */
  private static boolean isPacked(FieldRules rules, int tag) {
    return (tag & 7) == LENGTH_DELIMITED && rules.field().packable();
  }

  private void readValue(
      FieldRules rules,
      int index,
      CodedInputStream in,
      Map<FieldRules, Set<Object>> unique,
      List<Violation> found)
      throws IOException {
    int before = found.size();
    Object value = value(rules, in, found);
    String name = rules.field().name();
    if (rules.items() == Items.UNIQUE
        && !unique.computeIfAbsent(rules, _ -> new HashSet<>()).add(value)) {
      found.add(new Violation("", "is there twice"));
    }
    if (found.size() > before) {
      String path = rules.field().repeated() ? name + "[" + index + "]" : name;
      found.subList(before, found.size()).replaceAll(violation -> violation.under(path));
    }
  }

  /** The value, with what it breaks noted; of a message, what is in it. */
  private Object value(FieldRules rules, CodedInputStream in, List<Violation> found)
      throws IOException {
    Object value =
        switch (rules.value()) {
          case SCALAR -> WireValues.scalar(rules.field().type(), in);
          case WRAPPER -> WireValues.wrapped(rules.field().each(), in);
          case DURATION -> WireValues.duration(in);
          case MESSAGE, OPAQUE -> {
            int before = in.pushLimit(in.readRawVarint32());
            if (rules.value() == Value.MESSAGE) {
              check(rules.field().each().getMessageType(), in, found);
            } else {
              in.skipRawBytes(in.getBytesUntilLimit());
            }
            in.popLimit(before);
            yield "";
          }
        };
    for (ValueRule rule : rules.rules()) {
      note(rule.broken(value), "", found);
    }
    return value;
  }

  private void readEntry(FieldRules rules, CodedInputStream in, List<Violation> found)
      throws IOException {
    int from = found.size();
    int before = in.pushLimit(in.readRawVarint32());
    Object key = WireValues.unset(rules.field().key());
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case 1 -> key = WireValues.scalar(rules.field().key().getType(), in);
        case 2 -> value(rules, in, found);
        default -> in.skipField(tag);
      }
    }
    in.popLimit(before);
    for (ValueRule rule : rules.keys()) {
      note(rule.broken(key), "", found);
    }
    if (found.size() > from) {
      String path = rules.field().name() + "[\"" + key + "\"]";
      found.subList(from, found.size()).replaceAll(violation -> violation.under(path));
    }
  }

  private static void note(String broken, String path, List<Violation> found) {
    if (!broken.isEmpty()) {
      found.add(new Violation(path, broken));
    }
  }

  private void checkPacked(CodedInputStream in, List<Violation> found) throws IOException {
    String url = "";
    ByteString value = ByteString.EMPTY;
    for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
      switch (tag >>> 3) {
        case Any.TYPE_URL_FIELD_NUMBER -> url = in.readString();
        case Any.VALUE_FIELD_NUMBER -> value = in.readBytes();
        default -> in.skipField(tag);
      }
    }
    Descriptor type = packed.get(url.substring(url.lastIndexOf('/') + 1));
    if (type != null) {
      try {
        check(type, value.newCodedInput(), found);
      } catch (IOException e) {
        found.add(new Violation("value", "is not a " + type.getFullName()));
      }
    }
  }
}
