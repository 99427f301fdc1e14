package dev.sluice.server.cli;

import java.util.regex.Pattern;

/** Texts of others, as they can be shown on a terminal. */
final class Printable {
  private static final Pattern CONTROL = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]");

  private Printable() {}

  /** The same of a text in which colours of ours are. */
  static String coloured(String ours) {
    return ours.contains("\033") ? ours : text(ours);
  }

  /** The text with a space for each character that would move, colour or break the line. */
  static String text(String others) {
    return CONTROL.matcher(others).replaceAll(" ");
  }
}
