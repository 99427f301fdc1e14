package dev.sluice.server.demo;

/** Colours and weights of text on a terminal, or none. */
enum Ink {
  /** ANSI escapes. */
  COLOUR,
  /** Text as it is: no terminal, or {@code NO_COLOR}. */
  NONE;

  private static final int[] VERSIONS = {36, 32, 33, 35, 34};

  String bold(String text) {
    return escaped(1, text);
  }

  String faint(String text) {
    return escaped(2, text);
  }

  String good(String text) {
    return escaped(32, text);
  }

  String bad(String text) {
    return escaped(31, text);
  }

  /** The colour of the version that is {@code index}-th in the table. */
  String version(int index, String text) {
    return escaped(VERSIONS[index % VERSIONS.length], text);
  }

  private String escaped(int code, String text) {
    return this == NONE ? text : "\033[" + code + "m" + text + "\033[0m";
  }
}
