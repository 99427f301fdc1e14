package dev.sluice.policy.parse;

import dev.sluice.spec.Kind;
import dev.sluice.spec.Metadata;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The records of {@code dev.sluice.spec} as a JSON Schema for editors: draft 7, which is what
 * yaml-language-server reads. Keys, words and what is required come from the records, as the parser
 * has them; descriptions and ranges from their Javadoc. What only a look at several values shows is
 * left to {@code sluice validate}.
 */
final class JsonSchema extends SpecSchema {
  private static final String DURATION = "^(?=.)(\\d{1,9}h)?(\\d{1,9}m)?(\\d{1,9}s)?(\\d{1,9}ms)?$";

  JsonSchema(SpecDocs docs) {
    super(docs);
  }

  /** The schema of every kind of document. */
  Map<String, Object> schema() {
    Map<String, Object> properties = new LinkedHashMap<>();
    properties.put("apiVersion", Map.of("const", "sluice.dev/v1"));
    properties.put("kind", described(Kind.class, words(Words.built(Kind.class))));
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
      Map<String, Object> choice = new LinkedHashMap<>();
      choice.put("if", Map.of("properties", Map.of("kind", Map.of("const", kind.toString()))));
      choice.put("then", Map.of("properties", Map.of("spec", record(specOf(kind)))));
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

  @Override
  Map<String, Object> object(RecordShape shape, Map<String, Object> properties) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    if (!shape.required().isEmpty()) {
      schema.put("required", shape.required());
    }
    schema.put("additionalProperties", false);
    schema.put("properties", properties);
    return schema;
  }

  @Override
  Map<String, Object> exactlyOne(RecordShape shape) {
    int keys = shape.required().size() + 1;
    Map<String, Object> one = new LinkedHashMap<>();
    one.put("minProperties", keys);
    one.put("maxProperties", keys);
    return one;
  }

  @Override
  Map<String, Object> whole(Class<?> type, Range range) {
    return ranged("integer", range);
  }

  @Override
  Map<String, Object> text(String text) {
    return Map.of("type", "string");
  }

  @Override
  Map<String, Object> duration() {
    return string(DURATION);
  }

  @Override
  Map<String, Object> instant() {
    return string("^\\d{4}-\\d{2}-\\d{2}T[0-9:.]+(Z|[+-][0-9:]+)$");
  }

  /** One that is not named here is any single value. */
  @Override
  Map<String, Object> own(Class<?> type) {
    return switch (type.getSimpleName()) {
      case "Percent" -> ranged("number", Range.of("0 to 100"));
      case "Decimal" -> new LinkedHashMap<>(Map.of("type", "number"));
      case "InstanceShare" -> typed(List.of("string", "integer"), "^\\d{1,6}%?$");
      case "Size" -> typed(List.of("string", "integer"), "^\\d{1,10}(Ki|Mi|Gi)?$");
      case "RetryOn" ->
          typed(List.of("string", "integer"), "^([a-z]+(-[a-z0-9]+)*|5xx|[1-5]\\d\\d)$");
      case "StaticAddress" -> string("^(\\[[^\\]]+\\]|[^:\\[\\]]+):\\d{1,5}$");
      default -> Map.of("type", List.of("string", "number", "boolean"));
    };
  }

  @Override
  Map<String, Object> tree() {
    return new TreeMap<>(Map.of("type", "object", "minProperties", 1));
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

  private static Map<String, Object> ranged(String type, Range range) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", type);
    schema.putAll(range.keywords());
    return schema;
  }

  @Override
  Map<String, Object> words(List<String> built) {
    List<Object> words = new ArrayList<>(built);
    // Without quotes YAML takes such a word for a number, and it is read all the same.
    built.stream()
        .filter(word -> word.matches("\\d+\\.\\d+"))
        .map(BigDecimal::new)
        .forEach(words::add);
    return new LinkedHashMap<>(Map.of("enum", words));
  }

  @Override
  Map<String, Object> forms(Class<?> type) {
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
