package dev.sluice.policy.attach;

import dev.sluice.spec.Exclusive;
import dev.sluice.spec.Scalar;
import java.lang.reflect.RecordComponent;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lays one section over another: records merge field by field, all else replaces as a whole
 * (policy.md, section 1, precedence). What was left out, that is null or an empty list, replaces
 * nothing. Of what is {@link Exclusive}, one that is given replaces them all.
 */
final class Merge {
  private Merge() {}

  static <T extends Record> T over(T lower, T higher) {
    RecordComponent[] components = lower.getClass().getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    @Nullable Object[] values = new Object[components.length];
    Set<String> replaced = replaced(components, higher);
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      boolean hidden = replaced.contains(components[i].getName());
      values[i] = value(hidden ? null : read(components[i], lower), read(components[i], higher));
    }
    try {
      @SuppressWarnings("unchecked") // the constructor of lower's own class, which is a T
      T merged = (T) lower.getClass().getDeclaredConstructor(types).newInstance(values);
      return merged;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot merge " + lower.getClass(), e);
    }
  }

  /**
   * The components of which {@code higher} has another one that excludes them. What it has itself
   * is merged with what lies below.
   */
  private static Set<String> replaced(RecordComponent[] components, Record higher) {
    Exclusive exclusive = higher.getClass().getAnnotation(Exclusive.class);
    Set<String> keys = new HashSet<>();
    if (exclusive != null) {
      keys.addAll(List.of(exclusive.value()));
      boolean given = false;
      for (RecordComponent component : components) {
        if (List.of(exclusive.value()).contains(component.getName())
            && read(component, higher) != null) {
          given = true;
          keys.remove(component.getName());
        }
      }
      if (!given) {
        keys.clear();
      }
    }
    return keys;
  }

  private static @Nullable Object value(@Nullable Object lower, @Nullable Object higher) {
    if (higher == null || lower == null) {
      return higher == null ? lower : higher;
    }
    if (isSection(lower) && isSection(higher) && lower.getClass() == higher.getClass()) {
      return over((Record) lower, (Record) higher);
    }
    return isLeftOut(higher) ? lower : higher;
  }

  private static boolean isSection(Object value) {
    return value instanceof Record && !value.getClass().isAnnotationPresent(Scalar.class);
  }

  private static boolean isLeftOut(Object value) {
    return switch (value) {
      case List<?> list -> list.isEmpty();
      case Map<?, ?> map -> map.isEmpty();
      default -> false;
    };
  }

  private static @Nullable Object read(RecordComponent component, Record record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot read " + component, e);
    }
  }
}
