package dev.sluice.policy.parse;

import dev.sluice.policy.parse.RecordShape.Field;
import dev.sluice.policy.parse.YamlNode.Entry;
import dev.sluice.policy.parse.YamlNode.Mapping;
import dev.sluice.policy.parse.YamlNode.Scalar;
import dev.sluice.policy.parse.YamlNode.Sequence;
import dev.sluice.policy.parse.YamlNode.Unresolved;
import dev.sluice.problem.JsonPath;
import dev.sluice.spec.Tree;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Trees of {@link YamlNode}s to records, by the records' components: a key for each component, a
 * scalar for numbers, booleans, text, durations, enums and {@code @Scalar} types, a list for {@link
 * List}, a mapping for {@link java.util.SortedMap} and for records. A sealed interface of records
 * is written {@code form} where the form has no components, else {@code {form: {...}}}.
 *
 * <p>It goes on after a problem: what cannot be read is left out and noted as lost.
 */
final class Binder {
  private final Findings findings;
  private final Variables variables;

  Binder(Findings findings, Variables variables) {
    this.findings = findings;
    this.variables = variables;
  }

  /** The value of {@code type} that {@code node} writes, where it can be read. */
  <T> Optional<T> bind(Class<T> type, YamlNode node, String path) {
    return Optional.ofNullable(value(type, node, path)).map(type::cast);
  }

  private @Nullable Object value(Type type, YamlNode written, String path) {
    findings.position(path, written.location());
    YamlNode node;
    try {
      node = written instanceof Scalar scalar ? variables.expand(scalar, type) : written;
    } catch (IllegalArgumentException e) {
      return lost(written, path, Messages.of(e));
    }
    if (node instanceof Unresolved) {
      findings.lost(path);
      return null;
    }
    if (type == Tree.class) {
      return tree(node, path);
    }
    if (node instanceof Scalar scalar && scalar.type() == ScalarType.NULL) {
      return lost(node, path, "has no value; give it one, or remove the key");
    }
    if (type instanceof ParameterizedType generic) {
      Type[] arguments = generic.getActualTypeArguments();
      return generic.getRawType() == List.class
          ? list(arguments[0], node, path)
          : map(arguments[1], node, path);
    }
    Class<?> plain = (Class<?>) type;
    if (Scalars.isScalar(plain)) {
      return scalar(plain, node, path);
    }
    return plain.isSealed() ? form(plain, node, path) : record(plain, node, path);
  }

  private @Nullable Object scalar(Class<?> type, YamlNode node, String path) {
    if (!(node instanceof Scalar scalar)) {
      return lost(node, path, "must be a single value, not " + Messages.noun(node));
    }
    try {
      return Scalars.read(type, scalar);
    } catch (IllegalArgumentException e) {
      return lost(node, path, Messages.of(e));
    }
  }

  private @Nullable Object list(Type element, YamlNode node, String path) {
    if (!(node instanceof Sequence sequence)) {
      return lost(node, path, Messages.mustBeList(node));
    }
    List<Object> list = new ArrayList<>();
    for (int i = 0; i < sequence.items().size(); i++) {
      Object item = value(element, sequence.items().get(i), JsonPath.index(path, i));
      if (item != null) {
        list.add(item);
      }
    }
    return list;
  }

  private @Nullable Object map(Type element, YamlNode node, String path) {
    if (!(node instanceof Mapping mapping)) {
      return lost(node, path, "must be a mapping such as {key: value}, not " + Messages.noun(node));
    }
    Map<String, Object> map = new TreeMap<>();
    for (Entry entry : mapping.entries()) {
      String key = entry.key().text();
      Object value = value(element, entry.value(), JsonPath.key(path, key));
      if (value != null) {
        map.put(key, value);
      }
    }
    return map;
  }

  /** A mapping with whatever keys; it is read as a whole or not at all. */
  private @Nullable Object tree(YamlNode node, String path) {
    if (node instanceof Mapping mapping) {
      return Trees.of(mapping, path, findings);
    }
    return lost(node, path, "must be a mapping such as {key: value}, not " + Messages.noun(node));
  }

  private @Nullable Object form(Class<?> type, YamlNode node, String path) {
    Map<String, Class<?>> forms = new TreeMap<>();
    for (Class<?> form : type.getPermittedSubclasses()) {
      forms.put(Words.ofForm(form), form);
    }
    return switch (node) {
      case Scalar scalar -> {
        Class<?> form = forms.get(scalar.text());
        yield form == null || form.getRecordComponents().length > 0
            ? lost(node, path, Messages.notOneOf(scalar.text(), Messages.forms(forms)))
            : RecordShape.of(form).construct(List.of());
      }
      case Mapping mapping when mapping.entries().size() == 1 -> {
        Entry entry = mapping.entries().getFirst();
        Class<?> form = forms.get(entry.key().text());
        yield form == null
            ? lost(entry.key(), path, Messages.notOneOf(entry.key().text(), Messages.forms(forms)))
            : record(form, entry.value(), JsonPath.key(path, entry.key().text()));
      }
      default -> lost(node, path, "must be one of " + String.join(", ", Messages.forms(forms)));
    };
  }

  private @Nullable Object record(Class<?> type, YamlNode node, String path) {
    RecordShape shape = RecordShape.of(type);
    findings.position(path, node.location());
    if (!(node instanceof Mapping mapping)) {
      return lost(node, path, Messages.mustBeMapping(shape, node));
    }
    Map<String, YamlNode> given = given(shape, mapping, path);
    List<@Nullable Object> values = new ArrayList<>();
    boolean constructible = true;
    for (Map.Entry<String, Field> field : shape.fields().entrySet()) {
      Object value =
          component(
              field.getValue(),
              given.get(field.getKey()),
              node,
              JsonPath.key(path, field.getKey()));
      values.add(value);
      constructible &= value != null || !field.getValue().required();
    }
    if (!constructible) {
      return null;
    }
    try {
      return shape.construct(values);
    } catch (IllegalArgumentException e) {
      return lost(node, path, Messages.of(e));
    }
  }

  private @Nullable Object component(
      Field field, @Nullable YamlNode given, YamlNode parent, String path) {
    Object value = given == null ? null : value(field.type(), given, path);
    if (value != null) {
      return value;
    }
    if (given == null && field.required()) {
      return lost(parent, path, Messages.REQUIRED);
    }
    return field.required() ? null : empty(field.type());
  }

  private static @Nullable Object empty(Type type) {
    if (!(type instanceof ParameterizedType generic)) {
      return null;
    }
    return generic.getRawType() == List.class ? List.of() : Collections.emptySortedMap();
  }

  /** The values by key, and a problem for each key that is not one of the record's. */
  private Map<String, YamlNode> given(RecordShape shape, Mapping mapping, String path) {
    Map<String, YamlNode> given = new HashMap<>();
    for (Entry entry : mapping.entries()) {
      String key = entry.key().text();
      if (shape.fields().containsKey(key)) {
        given.put(key, entry.value());
      } else if (!shape.ignored().contains(key)) {
        findings.position(JsonPath.key(path, key), entry.key().location());
        findings.problem(
            entry.key().location(), JsonPath.key(path, key), Messages.unknownKey(key, shape));
      }
    }
    return given;
  }

  private @Nullable Object lost(YamlNode node, String path, String message) {
    findings.lost(node.location(), path, message);
    return null;
  }
}
