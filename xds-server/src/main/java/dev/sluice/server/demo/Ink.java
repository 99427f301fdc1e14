package dev.sluice.server.demo;

/** Colours and weights of text on a terminal, or none. */
public enum Ink {
  /** ANSI escapes. */
  COLOUR,
  /** Text as it is. */
  NONE;

  private static final int[] VERSIONS = {36, 32, 33, 35, 34};

  /** What stands out. */
  public String bold(String text) {
    return escaped(1, text);
  }

  String faint(String text) {
    return escaped(2, text);
  }

  /** What is as it should be: green. */
  public String good(String text) {
    return escaped(32, text);
  }

  /** What is wrong: red. */
  public String bad(String text) {
    return escaped(31, text);
  }

  /** What may become wrong, or right by itself: yellow. */
  public String doubtful(String text) {
    return escaped(33, text);
  }

  /** The colour of the version that is {@code index}-th in the table. */
  String version(int index, String text) {
    return escaped(VERSIONS[index % VERSIONS.length], text);
  }

  private String escaped(int code, String text) {
    return this == NONE ? text : "\033[" + code + "m" + text + "\033[0m";
  }
}
