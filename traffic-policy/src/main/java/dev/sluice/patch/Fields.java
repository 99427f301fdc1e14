package dev.sluice.patch;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import java.util.Locale;
import java.util.Optional;

/** The fields of Envoy's messages, by the keys that documents write. */
final class Fields {
  private static final String WELL_KNOWN = "google.protobuf.";

  private Fields() {}

  /** The field of this name, written {@code like_this} or {@code likeThis}. */
  static Optional<FieldDescriptor> find(Descriptor type, String key) {
    return type.getFields().stream()
        .filter(field -> field.getName().equals(key) || field.getJsonName().equals(key))
        .findFirst();
  }

  /** Whether the field's values are not merged but replaced. */
  static boolean isLeaf(FieldDescriptor field) {
    if (field.getJavaType() != JavaType.MESSAGE) {
      return true;
    }
    String type = field.getMessageType().getFullName();
    return type.startsWith(WELL_KNOWN) && !type.equals(WELL_KNOWN + "Any");
  }

  /** What is said of a key that is no field. */
  static String unknown(Descriptor type, String key) {
    String near =
        type.getFields().stream()
            .map(FieldDescriptor::getName)
            .filter(name -> isNear(letters(key), letters(name)))
            .findFirst()
            .map(name -> "; did you mean \"" + name + "\"?")
            .orElse("; remove it");
    return "\"" + key + "\" is no field of " + type.getFullName() + near;
  }

  private static String letters(String name) {
    return name.replaceAll("[^A-Za-z0-9]", "").toLowerCase(Locale.ROOT);
  }

  /** Whether all but a slip of one or two letters in the same place is the same. */
  private static boolean isNear(String typed, String known) {
    int most = Math.min(typed.length(), known.length());
    int start = 0;
    while (start < most && typed.charAt(start) == known.charAt(start)) {
      start++;
    }
    int end = 0;
    while (end < most - start
        && typed.charAt(typed.length() - 1 - end) == known.charAt(known.length() - 1 - end)) {
      end++;
    }
    int differs = Math.max(typed.length(), known.length()) - start - end;
    return differs <= 2 && differs < known.length() / 2;
  }
}
