package dev.sluice.policy.parse;

import dev.sluice.spec.Document;
import dev.sluice.spec.Gateway;
import dev.sluice.spec.InstanceOverride;
import dev.sluice.spec.Metadata;
import dev.sluice.spec.StaticService;
import dev.sluice.spec.TrafficPolicy;
import dev.sluice.spec.Tree;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Documents as trees of what JSON and YAML have: maps, lists, texts, numbers, booleans and null.
 * What it gives is read as an equal document, but for its origin: it is what {@link Binder} does,
 * the other way.
 */
public final class DocumentTree {
  private DocumentTree() {}

  /** The tree of {@code document}. */
  public static Map<String, @Nullable Object> of(Document document) {
    Map<String, @Nullable Object> tree = new LinkedHashMap<>();
    tree.put("apiVersion", "sluice.dev/v1");
    tree.put("kind", document.kind().toString());
    Metadata metadata = document.metadata();
    tree.put(
        "metadata",
        record(
            new MetadataKeys(
                metadata.name(),
                metadata.namespace(),
                metadata.labels(),
                metadata.creationTimestamp())));
    tree.put(
        "spec",
        record(
            switch (document) {
              case TrafficPolicy it -> it.spec();
              case Gateway it -> it.spec();
              case StaticService it -> it.spec();
              case InstanceOverride it -> it.spec();
            }));
    return tree;
  }

  private static Map<String, @Nullable Object> record(Record record) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    Iterator<String> keys = RecordShape.of(record.getClass()).fields().keySet().iterator();
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      String key = keys.next();
      Object value = value(record, component);
      if (value != null && !isEmpty(value)) {
        fields.put(key, tree(component.getGenericType(), value));
      }
    }
    return fields;
  }

  /** Without an element, it is read as what is not given. */
  private static boolean isEmpty(Object value) {
    return (value instanceof List<?> list && list.isEmpty())
        || (value instanceof Map<?, ?> map && map.isEmpty());
  }

  private static @Nullable Object value(Record record, RecordComponent component) {
    try {
      component.getAccessor().setAccessible(true);
      return component.getAccessor().invoke(record);
    } catch (IllegalAccessException | InvocationTargetException e) {
      throw new IllegalStateException("a record's component can be read", e);
    }
  }

  private static Object tree(Type type, Object value) {
    return switch (value) {
      case Tree tree -> fields(tree);
      case List<?> list -> list.stream().map(one -> tree(argument(type, 0), one)).toList();
      case Map<?, ?> map -> {
        Map<String, Object> entries = new LinkedHashMap<>();
        map.forEach((key, one) -> entries.put((String) key, tree(argument(type, 1), one)));
        yield entries;
      }
      case Duration duration -> Durations.text(duration);
      case Enum<?> constant -> Words.of(constant);
      case Record record when !Scalars.isScalar(record.getClass()) ->
          type instanceof Class<?> declared && declared.isSealed() ? form(record) : record(record);
      case Integer _, Long _, Boolean _ -> value;
      default -> value.toString();
    };
  }

  private static Object form(Record form) {
    String word = Words.ofForm(form.getClass());
    return form.getClass().getRecordComponents().length == 0 ? word : Map.of(word, record(form));
  }

  private static Type argument(Type type, int index) {
    return ((ParameterizedType) type).getActualTypeArguments()[index];
  }

  private static Map<String, @Nullable Object> fields(Tree tree) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    tree.fields().forEach((key, value) -> fields.put(key, ofTree(value)));
    return fields;
  }

  private static @Nullable Object ofTree(Object value) {
    return switch (value) {
      case Tree tree -> fields(tree);
      case List<?> list -> {
        List<@Nullable Object> items = new ArrayList<>();
        list.forEach(item -> items.add(ofTree(item)));
        yield items;
      }
      case Tree.Removal _ -> null;
      default -> value;
    };
  }
}
