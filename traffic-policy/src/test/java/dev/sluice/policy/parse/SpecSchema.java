package dev.sluice.policy.parse;

import dev.sluice.spec.Gateway;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.Key;
import dev.sluice.spec.Kind;
import dev.sluice.spec.Scalar;
import dev.sluice.spec.StaticService;
import dev.sluice.spec.TrafficPolicySpec;
import dev.sluice.spec.Tree;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The records of {@code dev.sluice.spec} as a schema, whichever language that is written in: keys,
 * words and what is required come from the records, as the parser has them; descriptions and ranges
 * from their Javadoc. How a value is written in the language is for those who extend this.
 */
abstract class SpecSchema {
  private static final Pattern ONE =
      Pattern.compile("\\bexactly one( condition)? is given\\b", Pattern.CASE_INSENSITIVE);
  private static final Pattern AT_MOST = Pattern.compile("\\bat most (\\d+)\\b");

  private final SpecDocs docs;

  SpecSchema(SpecDocs docs) {
    this.docs = docs;
  }

  /** The record that {@code spec} of a kind is read into. */
  static Class<?> specOf(Kind kind) {
    return switch (kind) {
      case TRAFFIC_POLICY -> TrafficPolicySpec.class;
      case GATEWAY -> Gateway.Spec.class;
      case STATIC_SERVICE -> StaticService.Spec.class;
      case INSTANCE_OVERRIDE -> InstanceOverride.Spec.class;
    };
  }

  /** A mapping of the keys of {@code shape}. */
  abstract Map<String, Object> object(RecordShape shape, Map<String, Object> properties);

  /** What is to be added where exactly one of the keys that may be left out is to be there. */
  abstract Map<String, Object> exactlyOne(RecordShape shape);

  /** A whole number. */
  abstract Map<String, Object> whole(Class<?> type, Range range);

  /** Text, which {@code text} describes. */
  abstract Map<String, Object> text(String text);

  /** One of these. */
  abstract Map<String, Object> words(List<String> words);

  /** A length of time. */
  abstract Map<String, Object> duration();

  /** A point in time. */
  abstract Map<String, Object> instant();

  /** A type with a reader of its own. */
  abstract Map<String, Object> own(Class<?> type);

  /** A mapping of whatever keys. */
  abstract Map<String, Object> tree();

  /** A sealed interface: a form without components is a word, every other a mapping of one key. */
  abstract Map<String, Object> forms(Class<?> type);

  Map<String, Object> record(Class<?> type) {
    RecordShape shape = RecordShape.of(type);
    Map<String, Object> schema = described(type, Map.of());
    schema.putAll(object(shape, properties(type, type)));
    if (ONE.matcher(docs.of(type)).find()) {
      schema.putAll(exactlyOne(shape));
    }
    return schema;
  }

  /** The keys of a record, as the Javadoc of {@code documented} describes them. */
  Map<String, Object> properties(Class<?> type, Class<?> documented) {
    Map<String, Object> properties = new LinkedHashMap<>();
    for (RecordComponent component : type.getRecordComponents()) {
      Key key = component.getAnnotation(Key.class);
      String text = docs.of(documented, component.getName());
      Map<String, Object> property = new LinkedHashMap<>(value(component.getGenericType(), text));
      if (!text.isEmpty()) {
        property.put("description", text + constants(component.getGenericType()));
      }
      properties.put(key == null ? component.getName() : key.value(), property);
    }
    return properties;
  }

  Map<String, Object> described(Class<?> type, Map<String, Object> schema) {
    Map<String, Object> described = new LinkedHashMap<>();
    if (!docs.of(type).isEmpty()) {
      described.put("description", docs.of(type));
    }
    described.putAll(schema);
    return described;
  }

  /** What each word means, beneath the description of what takes them. */
  private String constants(Type type) {
    if (!(type instanceof Class<?> plain)) {
      return "";
    }
    return plain.isSealed() ? formNotes(plain) : plain.isEnum() ? ofEnum(plain) : "";
  }

  /** What each form means, for languages that have no place of their own for that. */
  String formNotes(Class<?> type) {
    return "";
  }

  /** What {@code type} is. */
  String about(Class<?> type) {
    return docs.of(type);
  }

  private String ofEnum(Class<?> plain) {
    StringBuilder lines = new StringBuilder();
    for (Object constant : plain.getEnumConstants()) {
      String word = Words.of((Enum<?>) constant);
      String text = docs.of(plain, ((Enum<?>) constant).name());
      if (!text.isEmpty() && Words.built(plain).contains(word)) {
        lines.append("\n\n").append(word).append(": ").append(text);
      }
    }
    return lines.toString();
  }

  private Map<String, Object> value(Type type, String text) {
    if (type instanceof ParameterizedType generic) {
      return several(generic, text);
    }
    Class<?> plain = (Class<?>) type;
    if (Scalars.isScalar(plain)) {
      return scalar(plain, text);
    }
    if (plain == Tree.class) {
      return tree();
    }
    return plain.isSealed() ? forms(plain) : record(plain);
  }

  /** A list, or a mapping of whatever keys to values of one type. */
  Map<String, Object> several(ParameterizedType type, String text) {
    Map<String, Object> schema = new LinkedHashMap<>();
    Type[] arguments = type.getActualTypeArguments();
    boolean list = type.getRawType() == List.class;
    schema.put("type", list ? "array" : "object");
    if (text.contains("not empty")) {
      schema.put(list ? "minItems" : "minProperties", 1);
    }
    Matcher most = AT_MOST.matcher(text);
    if (most.find()) {
      schema.put(list ? "maxItems" : "maxProperties", Long.parseLong(most.group(1)));
    }
    schema.put(
        list ? "items" : "additionalProperties", value(arguments[arguments.length - 1], text));
    return schema;
  }

  private Map<String, Object> scalar(Class<?> type, String text) {
    if (type == Integer.class || type == int.class || type == Long.class || type == long.class) {
      return whole(type, Range.of(text));
    }
    if (type == Boolean.class || type == boolean.class) {
      return Map.of("type", "boolean");
    }
    if (type == Duration.class) {
      return duration();
    }
    if (type == Instant.class) {
      return instant();
    }
    if (type.isEnum()) {
      return words(Words.built(type));
    }
    return type.isAnnotationPresent(Scalar.class) ? own(type) : text(text);
  }
}
