package dev.sluice.policy.parse;

import java.lang.reflect.ParameterizedType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The records of {@code dev.sluice.spec} as the structural OpenAPI v3 schema of a custom resource,
 * with CEL rules. Whatever the parser takes is taken by it too. What neither a type, a word nor a
 * rule says is left to the admission webhook, whose words are better than those of patterns, of
 * ranges and of lists that are keyed; and to the server itself where no webhook answers.
 */
final class OpenApiSchema extends SpecSchema {
  private static final String RULES = "x-kubernetes-validations";
  private static final String FREE = "x-kubernetes-preserve-unknown-fields";
  private static final int DNS_LABEL = 63;

  /**
   * {@code 999999999h999999999m999999999s999999999ms}; a bound keeps the cost of rules in bounds.
   */
  private static final int LONGEST_DURATION = 41;

  /** How many lists and mappings of any keys are around what is being written. */
  private int within;

  OpenApiSchema(SpecDocs docs) {
    super(docs);
  }

  @Override
  Map<String, Object> record(Class<?> type) {
    Map<String, Object> schema = super.record(type);
    List<CelRule> own =
        switch (within) {
          case 0 -> CelRules.ofSection(type);
          case 1 -> CelRules.ofItem(type);
          // The API server reckons with as many as a request can hold, and refuses what would cost
          // too much then.
          default -> List.of();
        };
    add(schema, own);
    return schema;
  }

  private static void add(Map<String, Object> schema, List<CelRule> more) {
    if (!more.isEmpty()) {
      List<Object> rules = new ArrayList<>();
      if (schema.get(RULES) instanceof List<?> before) {
        rules.addAll(before);
      }
      more.forEach(rule -> rules.add(rule.keywords()));
      schema.put(RULES, rules);
    }
  }

  @Override
  Map<String, Object> object(RecordShape shape, Map<String, Object> properties) {
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "object");
    if (!shape.required().isEmpty()) {
      schema.put("required", shape.required());
    }
    if (!properties.isEmpty()) {
      schema.put("properties", properties);
    }
    return schema;
  }

  @Override
  Map<String, Object> exactlyOne(RecordShape shape) {
    Map<String, Object> schema = new LinkedHashMap<>();
    if (within == 0) {
      add(schema, CelRules.exactlyOne(oneOf(shape)));
    }
    return schema;
  }

  /** All that may be left out. */
  private static List<CelRules.Choice> oneOf(RecordShape shape) {
    return shape.fields().entrySet().stream()
        .filter(field -> !field.getValue().required())
        .map(
            field ->
                new CelRules.Choice(
                    field.getKey(), field.getValue().type() instanceof ParameterizedType))
        .toList();
  }

  @Override
  Map<String, Object> several(ParameterizedType type, String text) {
    within++;
    Map<String, Object> schema = super.several(type, text);
    within--;
    // That something has to be there is said by rules, in our words.
    schema.remove("minItems");
    schema.remove("minProperties");
    return schema;
  }

  @Override
  Map<String, Object> whole(Class<?> type, Range range) {
    boolean isLong = type == Long.class || type == long.class;
    Map<String, Object> schema = new LinkedHashMap<>();
    schema.put("type", "integer");
    schema.put("format", isLong ? "int64" : "int32");
    if (within == 0) {
      add(schema, CelRules.inRange(range));
    }
    return schema;
  }

  @Override
  Map<String, Object> text(String text) {
    Map<String, Object> schema = typed("string");
    if (text.startsWith("a DNS label")) {
      schema.put("maxLength", DNS_LABEL);
    }
    return schema;
  }

  /** A word that YAML takes for a number may be written as one. */
  @Override
  Map<String, Object> words(List<String> words) {
    List<Object> all = new ArrayList<>(words);
    words.stream()
        .filter(word -> word.matches("\\d+\\.\\d+"))
        .map(BigDecimal::new)
        .forEach(all::add);
    Map<String, Object> schema = all.size() == words.size() ? typed("string") : free();
    schema.put("enum", all);
    return schema;
  }

  @Override
  Map<String, Object> duration() {
    Map<String, Object> schema = typed("string");
    schema.put("maxLength", LONGEST_DURATION);
    return schema;
  }

  @Override
  Map<String, Object> instant() {
    return typed("string");
  }

  /** One that is not named here is any single value, and what is wrong with it is said later. */
  @Override
  Map<String, Object> own(Class<?> type) {
    return switch (type.getSimpleName()) {
      case "InstanceShare", "RetryOn", "Size" ->
          new LinkedHashMap<>(Map.of("x-kubernetes-int-or-string", true));
      case "StaticAddress" -> typed("string");
      default -> free();
    };
  }

  @Override
  Map<String, Object> tree() {
    Map<String, Object> schema = typed("object");
    schema.put(FREE, true);
    return schema;
  }

  /** A word or a mapping, of which a structural schema has no notion. */
  @Override
  Map<String, Object> forms(Class<?> type) {
    return free();
  }

  @Override
  String formNotes(Class<?> type) {
    StringBuilder lines = new StringBuilder();
    for (Class<?> form : type.getPermittedSubclasses()) {
      String word = Words.ofForm(form);
      String keys = String.join(": ..., ", RecordShape.of(form).keys());
      lines
          .append("\n\n")
          .append(keys.isEmpty() ? word : "{" + word + ": {" + keys + ": ...}}")
          .append(": ")
          .append(about(form));
    }
    return lines.toString();
  }

  private static Map<String, Object> typed(String type) {
    return new LinkedHashMap<>(Map.of("type", type));
  }

  private static Map<String, Object> free() {
    return new LinkedHashMap<>(Map.of(FREE, true));
  }
}
