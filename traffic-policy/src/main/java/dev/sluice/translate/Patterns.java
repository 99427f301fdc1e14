package dev.sluice.translate;

/** Regular expressions of RE2, in which Envoy and gRPC match whole values. */
final class Patterns {
  private Patterns() {}

  /** An expression that matches just {@code text}. */
  static String literal(String text) {
    StringBuilder escaped = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < 0x80 && !Character.isLetterOrDigit(c) && c != '_') {
        escaped.append('\\');
      }
      escaped.append(c);
    }
    return escaped.toString();
  }
}
