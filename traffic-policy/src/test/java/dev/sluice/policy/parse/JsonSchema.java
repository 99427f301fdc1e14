package dev.sluice.policy.parse;

import dev.sluice.spec.Gateway;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.Key;
import dev.sluice.spec.Kind;
import dev.sluice.spec.Metadata;
import dev.sluice.spec.Scalar;
import dev.sluice.spec.StaticService;
import dev.sluice.spec.TrafficPolicySpec;
import dev.sluice.spec.Tree;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The records of {@code dev.sluice.spec} as a JSON Schema for editors: draft 7, which is what
 * yaml-language-server reads. Keys, words and what is required come from the records, as the parser
 * has them; descriptions and ranges from their Javadoc. What only a look at several values shows is
 * left to {@code sluice validate}.
 */
final class JsonSchema {
  private static final Pattern BETWEEN = Pattern.compile("\\b(\\d[\\d,]*) to (\\d[\\d,]*)");
  private static final Pattern AT_LEAST = Pattern.compile("\\bat least (\\d+)\\b");
  private static final Pattern ONE =
      Pattern.compile("\\bexactly one( condition)? is given\\b", Pattern.CASE_INSENSITIVE);
  private static final String DURATION = "^(?=.)(\\d{1,9}h)?(\\d{1,9}m)?(\\d{1,9}s)?(\\d{1,9}ms)?$";

  private final SpecDocs docs;

  JsonSchema(SpecDocs docs) {
    this.docs = docs;
  }

  /** The schema of every kind of document. */
  Map<String, Object> schema() {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("apiVersion", Map.of("const", "sluice.dev/v1"));
    properties.put("kind", described(Kind.class, words(Kind.class)));
    properties.put("metadata", metadata());
    properties.put("spec", Map.of("type", "object"));
    properties.put("status", Map.of());
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("$schema", "http://json-schema.org/draft-07/schema#");
    schema.put("title", "Sluice documents (sluice.dev/v1)");
    schema.put("type", "object");
    schema.put("required", List.of("apiVersion", "kind", "metadata", "spec"));
    schema.put("additionalProperties", false);
    schema.put("properties", properties);
    schema.put("allOf", kinds());
    return schema;
  }

  private List<Object> kinds() {
    List<Object> kinds = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      Class<?> spec =
          switch (kind) {
            case TRAFFIC_POLICY -> TrafficPolicySpec.class;
            case GATEWAY -> Gateway.Spec.class;
            case STATIC_SERVICE -> StaticService.Spec.class;
            case INSTANCE_OVERRIDE -> InstanceOverride.Spec.class;
          };
      Map<String, Object> choice = new LinkedHashMap<>();
      choice.put("if", Map.of("properties", Map.of("kind", Map.of("const", kind.toString()))));
      choice.put("then", Map.of("properties", Map.of("spec", record(spec))));
      kinds.add(choice);
    }
    return kinds;
  }

  /** What clients of the API server add is let through. */
  private Map<String, Object> metadata() {
    Map<String, Object> properties = properties(MetadataKeys.class, Metadata.class);
    RecordShape.of(MetadataKeys.class).ignored().stream()
        .sorted()
        .forEach(key -> properties.put(key, Map.of()));
    Map<String, Object> metadata = described(Metadata.class, Map.of("type", "object"));
    metadata.put("required", RecordShape.of(MetadataKeys.class).required());
    metadata.put("additionalProperties", false);
    metadata.put("properties", properties);
    return metadata;
  }

  private Map<String, Object> record(Class<?> type) {
    RecordShape shape = RecordShape.of(type);
    Map<String, Object> schema = described(type, Map.of("type", "object"));
    if (!shape.required().isEmpty()) {
      schema.put("required", shape.required());
    }
    if (ONE.matcher(docs.of(type)).find()) {
      schema.put("minProperties", shape.required().size() + 1);
      schema.put("maxProperties", shape.required().size() + 1);
    }
    schema.put("additionalProperties", false);
    schema.put("properties", properties(type, type));
    return schema;
  }

  /** The keys of a record, as the Javadoc of {@code documented} describes them. */
  private Map<String, Object> properties(Class<?> type, Class<?> documented) {
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

  private Map<String, Object> described(Class<?> type, Map<String, Object> schema) {
    Map<String, Object> described = new LinkedHashMap<>();
    if (!docs.of(type).isEmpty()) {
      described.put("description", docs.of(type));
    }
    described.putAll(schema);
    return described;
  }

  /** What each word means, beneath the description of what takes them. */
  private String constants(Type type) {
    if (!(type instanceof Class<?> plain) || !plain.isEnum()) {
      return "";
    }
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
      return new TreeMap<>(Map.of("type", "object", "minProperties", 1));
    }
    return plain.isSealed() ? forms(plain) : record(plain);
  }

  private Map<String, Object> several(ParameterizedType type, String text) {
    Map<String, Object> schema = new LinkedHashMap<>();
    Type[] arguments = type.getActualTypeArguments();
    boolean list = type.getRawType() == List.class;
    schema.put("type", list ? "array" : "object");
    if (text.contains("not empty")) {
      schema.put(list ? "minItems" : "minProperties", 1);
    }
    schema.put(
        list ? "items" : "additionalProperties", value(arguments[arguments.length - 1], text));
    return schema;
  }

  private static Map<String, Object> scalar(Class<?> type, String text) {
    if (type == Integer.class || type == int.class || type == Long.class || type == long.class) {
      return range("integer", text);
    }
    if (type == Boolean.class || type == boolean.class) {
      return Map.of("type", "boolean");
    }
    if (type == Duration.class) {
      return string(DURATION);
    }
    if (type == Instant.class) {
      return string("^\\d{4}-\\d{2}-\\d{2}T[0-9:.]+(Z|[+-][0-9:]+)$");
    }
    if (type.isEnum()) {
      return words(type);
    }
    return type.isAnnotationPresent(Scalar.class) ? own(type) : Map.of("type", "string");
  }

  /** A type with a reader of its own; one that is not named here is any single value. */
  private static Map<String, Object> own(Class<?> type) {
    return switch (type.getSimpleName()) {
      case "Percent" -> range("number", "0 to 100");
      case "Size" -> typed(List.of("string", "integer"), "^\\d{1,10}(Ki|Mi|Gi)?$");
      case "RetryOn" ->
          typed(List.of("string", "integer"), "^([a-z]+(-[a-z0-9]+)*|5xx|[1-5]\\d\\d)$");
      case "StaticAddress" -> string("^(\\[[^\\]]+\\]|[^:\\[\\]]+):\\d{1,5}$");
      default -> Map.of("type", List.of("string", "number", "boolean"));
    };
  }

  private static Map<String, Object> string(String pattern) {
    return typed("string", pattern);
  }

  private static Map<String, Object> typed(Object type, String pattern) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", type);
    schema.put("pattern", pattern);
    return schema;
  }

  private static Map<String, Object> words(Class<?> type) {
    List<Object> words = new ArrayList<>(Words.built(type));
    // Without quotes YAML takes such a word for a number, and it is read all the same.
    Words.built(type).stream()
        .filter(word -> word.matches("\\d+\\.\\d+"))
        .map(BigDecimal::new)
        .forEach(words::add);
    return new LinkedHashMap<>(Map.of("enum", words));
  }

  private static Map<String, Object> range(String type, String text) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", type);
    for (String clause : text.split(";", -1)) {
      // The default's own numbers are not the value's.
      if (!clause.strip().startsWith("default:")) {
        Matcher between = BETWEEN.matcher(clause);
        Matcher least = AT_LEAST.matcher(clause);
        if (between.find()) {
          schema.put("minimum", number(between.group(1)));
          schema.put("maximum", number(between.group(2)));
        } else if (least.find()) {
          schema.put("minimum", number(least.group(1)));
        }
      }
    }
    return schema;
  }

  private static long number(String digits) {
    return Long.parseLong(digits.replace(",", ""));
  }

  /** A form without components is a word, every other a mapping of one key. */
  private Map<String, Object> forms(Class<?> type) {
    List<Object> forms = new ArrayList<>();
    for (Class<?> form : type.getPermittedSubclasses()) {
      String word = Words.ofForm(form);
      if (form.getRecordComponents().length == 0) {
        forms.add(described(form, Map.of("const", word)));
      } else {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("required", List.of(word));
        schema.put("additionalProperties", false);
        schema.put("properties", Map.of(word, record(form)));
        forms.add(schema);
      }
    }
    return new LinkedHashMap<>(Map.of("oneOf", forms));
  }
}
