package dev.sluice.source;

import java.util.regex.Pattern;

/** JSON as a reader of YAML 1.2 takes it. */
final class JsonAsYaml {
  /** What JSON has in strings as it is, and YAML only as an escape (YAML 1.2.2, section 5.1). */
  private static final Pattern NOT_YAML = Pattern.compile("[\\x7f-\\x84\\x86-\\x9f\\ufffe\\uffff]");

  private JsonAsYaml() {}

  /** The same value, with escapes for what YAML does not have. */
  static String text(String json) {
    return NOT_YAML
        .matcher(json)
        .replaceAll(found -> "\\\\u%04x".formatted((int) found.group().charAt(0)));
  }
}
