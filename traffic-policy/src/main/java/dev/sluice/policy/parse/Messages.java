package dev.sluice.policy.parse;

import dev.sluice.policy.parse.YamlNode.Mapping;
import dev.sluice.policy.parse.YamlNode.Scalar;
import dev.sluice.policy.parse.YamlNode.Sequence;
import dev.sluice.policy.parse.YamlNode.Unresolved;
import dev.sluice.problem.Nearest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** What problems say: what is wrong, then what would be right. */
final class Messages {
  /** A key that a document must give and does not. */
  static final String REQUIRED = "is required; add it";

  private static final int LONGEST = 60;

  /** What YAML reads as it is written, within brackets too. */
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_/.-][A-Za-z0-9_/. -]*");

  private Messages() {}

  /** A value as a message repeats it: in quotes, in one line, and not endlessly. */
  static String shown(String value) {
    String line = value.strip().replaceAll("\\s+", " ");
    if (line.codePointCount(0, line.length()) > LONGEST) {
      line = line.substring(0, line.offsetByCodePoints(0, LONGEST)) + "…";
    }
    return "\"" + line + "\"";
  }

  /** What a refused value's exception says, in one line. */
  static String of(IllegalArgumentException refused) {
    String message = refused.getMessage();
    return message == null ? "is not valid" : message.replaceAll("\\s+", " ");
  }

  /** What a value is, where something else is wanted. */
  static String noun(YamlNode node) {
    return switch (node) {
      case Scalar scalar -> "the single value " + shown(scalar.text());
      case Sequence _ -> "a list";
      case Mapping _ -> "a mapping";
      case Unresolved _ -> "an alias";
    };
  }

  /** A word that is none of the allowed ones. */
  static String notOneOf(String word, Collection<String> allowed) {
    if (allowed.size() == 1) {
      return shown(word) + " is not known; write " + String.join("", allowed);
    }
    String suggestion =
        Nearest.to(word, allowed).map(near -> "; did you mean \"" + near + "\"?").orElse("");
    return shown(word) + " is not one of " + String.join(", ", allowed) + suggestion;
  }

  /** A word that is specified and not built, and what can be written instead. */
  static String notBuilt(String word, List<String> built) {
    return notBuilt(word)
        + "; write "
        + (built.size() == 1 ? built.getFirst() : "one of " + String.join(", ", built));
  }

  private static String notBuilt(String word) {
    return shown(word) + " is specified but not built into this version yet";
  }

  /** A key that a record does not have. */
  static String unknownKey(String key, RecordShape shape) {
    if (shape.planned().contains(key)) {
      return notBuilt(key) + "; remove it";
    }
    return shape
        .holderOf(key)
        .map(holder -> "unknown key " + shown(key) + "; it belongs under " + holder)
        .orElseGet(() -> unknownKey(key, shape.keys()));
  }

  /** A key that is none of the known ones. */
  static String unknownKey(String key, List<String> known) {
    if (key.equals("<<")) {
      return "merge keys (<<) are not part of YAML 1.2; write the keys out";
    }
    return "unknown key "
        + shown(key)
        + Nearest.to(key, known)
            .map(near -> "; did you mean \"" + near + "\"?")
            .orElse("; known here: " + String.join(", ", known));
  }

  /** The value of a record that is no mapping. */
  static String mustBeMapping(RecordShape shape, YamlNode node) {
    List<String> required = shape.required();
    if (required.size() == 1 && node instanceof Scalar scalar) {
      return "must be a mapping; write {"
          + required.getFirst()
          + ": "
          + scalar.text().strip()
          + "}";
    }
    if (shape.keys().isEmpty()) {
      return "has no keys; write {}, not " + noun(node);
    }
    return "must be a mapping of " + String.join(", ", shape.keys()) + ", not " + noun(node);
  }

  /** The value of a list that is no list. */
  static String mustBeList(YamlNode node) {
    return switch (node) {
      case Scalar scalar -> "must be a list; write [" + item(scalar.text().strip()) + "]";
      case Sequence _, Unresolved _ -> "must be a list";
      case Mapping _ -> "must be a list; begin each item with \"- \"";
    };
  }

  /** In quotes where YAML would read something else than the text. */
  private static String item(String text) {
    return PLAIN.matcher(text).matches() ? text : '"' + text.replace("\"", "\\\"") + '"';
  }

  /** How the forms of a sealed interface are written. */
  static List<String> forms(Map<String, Class<?>> forms) {
    return forms.entrySet().stream().map(form -> form(form.getKey(), form.getValue())).toList();
  }

  private static String form(String word, Class<?> form) {
    List<String> keys = RecordShape.of(form).keys();
    return keys.isEmpty() ? word : "{" + word + ": {" + String.join(": ..., ", keys) + ": ...}}";
  }
}
