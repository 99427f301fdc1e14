package dev.sluice.policy.parse;

import dev.sluice.spec.Planned;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** How the constants of an enum, and the forms of a sealed interface, are written. */
final class Words {
  private Words() {}

  /** An enum's own {@code toString} where it has one, else its name in lower camel case. */
  static String of(Enum<?> constant) {
    try {
      boolean own =
          constant.getDeclaringClass().getMethod("toString").getDeclaringClass() != Enum.class;
      return own ? constant.toString() : camel(constant.name());
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("every class has toString", e);
    }
  }

  /** The constant that {@code word} writes. */
  static <E extends Enum<E>> Optional<E> constant(Class<E> type, String word) {
    return Arrays.stream(type.getEnumConstants())
        .filter(constant -> of(constant).equals(word))
        .findFirst();
  }

  /** The words that can be written today for one of the enum {@code type}. */
  static List<String> built(Class<?> type) {
    Set<String> planned = planned(type);
    List<String> words = new ArrayList<>();
    for (Object constant : type.getEnumConstants()) {
      words.add(of((Enum<?>) constant));
    }
    words.removeAll(planned);
    return words;
  }

  /** The words that are specified and not built. */
  static Set<String> planned(Class<?> type) {
    Planned planned = type.getAnnotation(Planned.class);
    return planned == null ? Set.of() : Set.copyOf(Arrays.asList(planned.value()));
  }

  /** A nested type's name with a small first letter. */
  static String ofForm(Class<?> form) {
    String name = form.getSimpleName();
    return name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1);
  }

  private static String camel(String name) {
    StringBuilder camel = new StringBuilder();
    for (String part : name.toLowerCase(Locale.ROOT).split("_", -1)) {
      camel.append(
          camel.isEmpty() || part.isEmpty()
              ? part
              : part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1));
    }
    return camel.toString();
  }
}
