package dev.sluice.patch;

import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import dev.sluice.spec.Tree;
import dev.sluice.spec.Tree.Removal;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** Values that have no fields of their own, as protobuf's JSON form has them. */
final class Leaves {
  private Leaves() {}

  /**
   * The value that a field of {@code holder}'s type takes, or one entry of its list.
   *
   * @param problem takes what is wrong with it
   */
  static Optional<Object> read(
      Message.Builder holder, FieldDescriptor field, Object value, Consumer<String> problem) {
    boolean list = field.isRepeated();
    String json = json(value);
    Message.Builder read = holder.getDefaultInstanceForType().newBuilderForType();
    try {
      JsonFormat.parser()
          .merge(
              "{" + quoted(field.getJsonName()) + ":" + (list ? "[" + json + "]" : json) + "}",
              read);
      return Optional.of(list ? read.getRepeatedField(field, 0) : read.getField(field));
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      problem.accept("must be " + expected(field) + ", not " + json);
      return Optional.empty();
    }
  }

  private static String expected(FieldDescriptor field) {
    return switch (field.getJavaType()) {
      case INT, LONG -> "a whole number";
      case FLOAT, DOUBLE -> "a number";
      case BOOLEAN -> "true or false";
      case STRING -> "text";
      case BYTE_STRING -> "base64";
      case ENUM ->
          "one of "
              + field.getEnumType().getValues().stream()
                  .map(EnumValueDescriptor::getName)
                  .collect(Collectors.joining(", "));
      case MESSAGE ->
          switch (field.getMessageType().getFullName()) {
            case "google.protobuf.Duration" -> "a duration in seconds, such as 0.5s";
            case "google.protobuf.Timestamp" -> "a time, such as 2026-01-31T12:00:00Z";
            case "google.protobuf.Struct" -> "a mapping such as {key: value}";
            default -> wrapped(field);
          };
    };
  }

  private static String wrapped(FieldDescriptor field) {
    FieldDescriptor value = field.getMessageType().findFieldByName("value");
    return value == null || value.getJavaType() == FieldDescriptor.JavaType.MESSAGE
        ? "a " + field.getMessageType().getFullName()
        : expected(value);
  }

  private static String json(Object value) {
    return switch (value) {
      case String text -> quoted(text);
      case BigDecimal number -> number.toPlainString();
      case Tree tree ->
          tree.fields().entrySet().stream()
              .map(field -> quoted(field.getKey()) + ": " + json(field.getValue()))
              .collect(Collectors.joining(", ", "{", "}"));
      case List<?> list ->
          list.stream().map(Leaves::json).collect(Collectors.joining(", ", "[", "]"));
      case Removal _ -> "null";
      default -> value.toString();
    };
  }

  private static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    text.chars()
        .forEach(
            c -> {
              if (c == '"' || c == '\\') {
                quoted.append('\\').append((char) c);
              } else if (c < 0x20) {
                quoted.append("\\u%04x".formatted(c));
              } else {
                quoted.append((char) c);
              }
            });
    return quoted.append('"').toString();
  }
}
