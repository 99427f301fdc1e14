package dev.sluice.policy.parse;

import dev.sluice.spec.Key;
import dev.sluice.spec.Planned;
import dev.sluice.spec.Required;
import dev.sluice.spec.Scalar;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a mapping that is read into a record.
 *
 * @param constructor of the record, taking the components in order
 * @param fields its components by key, in order
 * @param planned keys that are specified and not built
 * @param ignored keys that are accepted and not read
 */
record RecordShape(
    Constructor<?> constructor,
    Map<String, Field> fields,
    Set<String> planned,
    Set<String> ignored) {
  /**
   * One component.
   *
   * @param type its type
   * @param required whether a document must give it
   */
  record Field(Type type, boolean required) {}

  /** Reflection takes longer than reading a value, so each record is looked at once. */
  private static final ClassValue<RecordShape> SHAPES =
      new ClassValue<>() {
        @Override
        protected RecordShape computeValue(Class<?> type) {
          return look(type);
        }
      };

  static RecordShape of(Class<?> type) {
    return SHAPES.get(type);
  }

  private static RecordShape look(Class<?> type) {
    Map<String, Field> fields = new LinkedHashMap<>();
    for (RecordComponent component : type.getRecordComponents()) {
      Key key = component.getAnnotation(Key.class);
      fields.put(
          key == null ? component.getName() : key.value(),
          new Field(component.getGenericType(), component.isAnnotationPresent(Required.class)));
    }
    Planned planned = type.getAnnotation(Planned.class);
    NotRead ignored = type.getAnnotation(NotRead.class);
    return new RecordShape(
        constructor(type),
        fields,
        planned == null ? Set.of() : Set.of(planned.value()),
        ignored == null ? Set.of() : Set.of(ignored.value()));
  }

  /** The keys that must be written. */
  List<String> required() {
    return fields.entrySet().stream()
        .filter(field -> field.getValue().required())
        .map(Map.Entry::getKey)
        .toList();
  }

  /** The section of this record that has {@code key}, for those who forgot the section. */
  Optional<String> holderOf(String key) {
    return fields.entrySet().stream()
        .filter(
            field ->
                field.getValue().type() instanceof Class<?> section
                    && section.isRecord()
                    && !section.isAnnotationPresent(Scalar.class)
                    && of(section).fields().containsKey(key))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  /** The keys that can be written today. */
  List<String> keys() {
    return new ArrayList<>(fields.keySet());
  }

  /**
   * The record of these values, in order.
   *
   * @throws IllegalArgumentException when the record's own checks refuse a value
   */
  Object construct(List<@Nullable Object> values) {
    try {
      return constructor.newInstance(values.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof IllegalArgumentException refused) {
        throw refused;
      }
      throw new IllegalStateException("cannot construct " + constructor.getName(), e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot construct " + constructor.getName(), e);
    }
  }

  private static Constructor<?> constructor(Class<?> type) {
    Class<?>[] types =
        Arrays.stream(type.getRecordComponents())
            .map(RecordComponent::getType)
            .toArray(Class<?>[]::new);
    try {
      Constructor<?> constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      return constructor;
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("every record has its canonical constructor", e);
    }
  }
}
