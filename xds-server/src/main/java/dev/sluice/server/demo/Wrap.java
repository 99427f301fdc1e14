package dev.sluice.server.demo;

import java.util.ArrayList;
import java.util.List;

/** Text in lines of a width. */
final class Wrap {
  private Wrap() {}

  /** Text broken at spaces, a word that is too long anywhere; every line begins with the indent. */
  static List<String> text(String text, int width, String indent) {
    List<String> lines = new ArrayList<>();
    int room = Math.max(1, width - indent.length());
    String rest = text.strip();
    while (rest.length() > room) {
      int space = rest.lastIndexOf(' ', room);
      int cut = space > 0 ? space : room;
      lines.add(indent + rest.substring(0, cut).stripTrailing());
      rest = rest.substring(cut).stripLeading();
    }
    lines.add(indent + rest);
    return lines;
  }

  /** A label in a column of its own, and the text beside it. */
  static List<String> labelled(String label, String text, int column, int width) {
    List<String> lines = text(text, width, " ".repeat(column));
    String first = lines.getFirst().substring(column);
    lines.set(0, label + " ".repeat(column - label.length()) + first);
    return lines;
  }

  /**
   * As {@link #labelled}, but a text that does not fit beside its label goes below it from the
   * first column, so that it can be copied whole.
   */
  static List<String> toCopy(String label, String text, int column, int width) {
    if (column + text.length() <= width) {
      return labelled(label, text, column, width);
    }
    List<String> lines = new ArrayList<>();
    lines.add(label);
    for (int at = 0; at < text.length(); at += width) {
      lines.add(text.substring(at, Math.min(text.length(), at + width)));
    }
    return lines;
  }
}
