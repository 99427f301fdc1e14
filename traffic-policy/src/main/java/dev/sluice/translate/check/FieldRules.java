package dev.sluice.translate.check;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import io.envoyproxy.pgv.validate.Validate;
import io.envoyproxy.pgv.validate.Validate.MapRules;
import io.envoyproxy.pgv.validate.Validate.RepeatedRules;
import java.util.List;

/**
 * The rules of one field.
 *
 * @param field which one
 * @param value what its value is, or each item's of a list, or each value's of a map
 * @param required whether it must be set
 * @param rules of its value; of each item or value
 * @param keys the rules of a map's keys
 * @param size how many items or entries there may be
 * @param items whether an item may stand in it twice
 */
record FieldRules(
    Shape field,
    Value value,
    boolean required,
    List<ValueRule> rules,
    List<ValueRule> keys,
    Size size,
    Items items) {
  /** What a value is. */
  enum Value {
    /** A number, boolean, text, bytes or an enum's. */
    SCALAR,
    /** One of {@code google/protobuf/wrappers.proto}. */
    WRAPPER,
    /** A {@code google.protobuf.Duration}. */
    DURATION,
    /** A message with rules. */
    MESSAGE,
    /** A message without. */
    OPAQUE
  }

  /**
   * A field as its descriptor has it, which takes longer to ask.
   *
   * @param each the field, or the one of a map's values
   * @param key the one of a map's keys; the field itself where it is no map
   * @param presence whether it can be told whether it is set
   */
  record Shape(
      String name,
      FieldDescriptor each,
      FieldDescriptor key,
      FieldDescriptor.Type type,
      boolean map,
      boolean repeated,
      boolean packable,
      boolean presence) {
    static Shape of(FieldDescriptor field) {
      boolean map = field.isMapField();
      FieldDescriptor each = map ? mapped(field, 2) : field;
      return new Shape(
          field.getName(),
          each,
          map ? mapped(field, 1) : field,
          each.getType(),
          map,
          field.isRepeated(),
          field.isPackable(),
          field.hasPresence());
    }
  }

  /** Whether items must differ. */
  enum Items {
    ANY,
    UNIQUE
  }

  /** How many there may be. */
  record Size(long least, long most) {
    static final Size ANY = new Size(0, Long.MAX_VALUE);

    String broken(int size) {
      if (size < least) {
        return "must have at least " + least + (least == 1 ? " item" : " items") + ", has " + size;
      }
      return size > most ? "must have at most " + most + " items, has " + size : "";
    }
  }

  static FieldRules of(FieldDescriptor field) {
    Validate.FieldRules rules = field.getOptions().getExtension(Validate.rules);
    return switch (rules.getTypeCase()) {
      case REPEATED -> ofList(field, rules.getRepeated());
      case MAP -> ofMap(field, rules.getMap());
      default -> {
        FieldDescriptor each = field.isMapField() ? mapped(field, 2) : field;
        yield new FieldRules(
            Shape.of(field),
            value(each, rules),
            // Of a oneof's fields only that which is set counts.
            field.getRealContainingOneof() == null && isRequired(rules),
            ValueRules.of(rules, each),
            List.of(),
            Size.ANY,
            Items.ANY);
      }
    };
  }

  private static FieldRules ofList(FieldDescriptor field, RepeatedRules rules) {
    return new FieldRules(
        Shape.of(field),
        value(field, rules.getItems()),
        false,
        ValueRules.of(rules.getItems(), field),
        List.of(),
        new Size(rules.getMinItems(), rules.hasMaxItems() ? rules.getMaxItems() : Long.MAX_VALUE),
        rules.getUnique() ? Items.UNIQUE : Items.ANY);
  }

  private static FieldRules ofMap(FieldDescriptor field, MapRules rules) {
    if (rules.hasNoSparse()) {
      throw ValueRules.unknown("map.no_sparse");
    }
    return new FieldRules(
        Shape.of(field),
        value(mapped(field, 2), rules.getValues()),
        false,
        ValueRules.of(rules.getValues(), mapped(field, 2)),
        ValueRules.of(rules.getKeys(), mapped(field, 1)),
        new Size(rules.getMinPairs(), rules.hasMaxPairs() ? rules.getMaxPairs() : Long.MAX_VALUE),
        Items.ANY);
  }

  /** Whether nothing is to be checked, whatever the field holds. */
  boolean isEmpty() {
    return !required
        && rules.isEmpty()
        && keys.isEmpty()
        && size.equals(Size.ANY)
        && items == Items.ANY
        && value != Value.MESSAGE;
  }

  static FieldDescriptor mapped(FieldDescriptor map, int number) {
    return map.getMessageType().findFieldByNumber(number);
  }

  private static boolean isRequired(Validate.FieldRules rules) {
    return rules.getMessage().getRequired()
        || rules.getAny().getRequired()
        || rules.getDuration().getRequired()
        || rules.getTimestamp().getRequired();
  }

  private static Value value(FieldDescriptor field, Validate.FieldRules rules) {
    if (field.getJavaType() != JavaType.MESSAGE) {
      return Value.SCALAR;
    }
    Descriptor type = field.getMessageType();
    if (type.getFullName().equals("google.protobuf.Duration")) {
      return Value.DURATION;
    }
    if (type.getFile().getName().equals("google/protobuf/wrappers.proto")) {
      return Value.WRAPPER;
    }
    return !rules.getMessage().getSkip() && MessageRules.anyIn(type) ? Value.MESSAGE : Value.OPAQUE;
  }
}
