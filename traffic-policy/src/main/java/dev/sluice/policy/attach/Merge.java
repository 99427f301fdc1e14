package dev.sluice.policy.attach;

import dev.sluice.spec.Scalar;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Lays one section over another: records merge field by field, all else replaces as a whole
 * (policy.md, section 1, precedence). What was left out, that is null or an empty list, replaces
 * nothing.
 */
final class Merge {
  private Merge() {}

  static <T extends Record> T over(T lower, T higher) {
    RecordComponent[] components = lower.getClass().getRecordComponents();
    Class<?>[] types = new Class<?>[components.length];
    @Nullable Object[] values = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      types[i] = components[i].getType();
      values[i] = value(read(components[i], lower), read(components[i], higher));
    }
    try {
      @SuppressWarnings("unchecked") // the constructor of lower's own class, which is a T
      T merged = (T) lower.getClass().getDeclaredConstructor(types).newInstance(values);
      return merged;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot merge " + lower.getClass(), e);
    }
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
