package dev.sluice.server.overrides;

import java.util.Map;
import java.util.regex.Pattern;

/** Mappings of texts and numbers as YAML, in block style, keys in their order. */
final class Yaml {
  /** What needs no quotes in any version of YAML; so does no word that one takes for a boolean. */
  private static final Pattern PLAIN = Pattern.compile("[a-zA-Z][-a-zA-Z0-9_./]{3,}");

  private static final Pattern WORD = Pattern.compile("(?i)null|true|false");

  private Yaml() {}

  static String text(Map<String, ?> mapping) {
    StringBuilder text = new StringBuilder();
    write(mapping, 0, text);
    return text.toString();
  }

  private static void write(Map<?, ?> mapping, int depth, StringBuilder text) {
    mapping.forEach(
        (key, value) -> {
          text.append("  ".repeat(depth)).append(scalar(String.valueOf(key))).append(':');
          if (value instanceof Map<?, ?> inner) {
            text.append('\n');
            write(inner, depth + 1, text);
          } else {
            text.append(' ')
                .append(value instanceof String word ? scalar(word) : String.valueOf(value))
                .append('\n');
          }
        });
  }

  /** Unquoted where that is sure to be read as it stands, as the words of a document mostly are. */
  private static String scalar(String value) {
    boolean isWord = value.matches("kind|spec|name|out|drain|in|pod");
    return isWord || (PLAIN.matcher(value).matches() && !WORD.matcher(value).matches())
        ? value
        : quoted(value);
  }

  private static String quoted(String value) {
    StringBuilder text = new StringBuilder("\"");
    value
        .codePoints()
        .forEach(
            point -> {
              switch (point) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                default -> {
                  if (isPlain(point)) {
                    text.appendCodePoint(point);
                  } else {
                    text.append(
                        point <= 0xFFFF ? "\\u%04X".formatted(point) : "\\U%08X".formatted(point));
                  }
                }
              }
            });
    return text.append('"').toString();
  }

  private static boolean isPlain(int point) {
    return point >= ' '
        && point != 0x7F
        && switch (Character.getType(point)) {
          case Character.CONTROL,
              Character.FORMAT,
              Character.SURROGATE,
              Character.LINE_SEPARATOR,
              Character.PARAGRAPH_SEPARATOR,
              Character.UNASSIGNED,
              Character.PRIVATE_USE ->
              false;
          default -> true;
        };
  }
}
