package dev.sluice.server.xds;

import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/** Which names a proxy's words are about. */
final class Mentions {
  private Mentions() {}

  /**
   * Those of {@code names} that {@code message} holds as a whole, not as a part of a longer one.
   */
  static List<String> in(String message, Collection<String> names) {
    return names.stream().filter(name -> mentions(message, name)).sorted().toList();
  }

  /**
   * What a refusal is about: what its words name, be it of this response or refused before. Where
   * they name nothing it is what changed, unless the response repeats something that is refused
   * already, which then is the likelier cause.
   *
   * @param changed what the response changed
   * @param repeated what it held again though it was refused before
   */
  static List<String> about(
      String message, Collection<String> changed, Collection<String> repeated) {
    TreeSet<String> all = new TreeSet<>(changed);
    all.addAll(repeated);
    List<String> mentioned = in(message, all);
    if (!mentioned.isEmpty()) {
      return mentioned;
    }
    return (repeated.isEmpty() ? changed : repeated).stream().sorted().toList();
  }

  private static boolean mentions(String message, String name) {
    if (name.isEmpty()) {
      return false;
    }
    for (int at = message.indexOf(name); at >= 0; at = message.indexOf(name, at + 1)) {
      int end = at + name.length();
      if (!goesOn(message, at - 1, -1) && !goesOn(message, end, 1)) {
        return true;
      }
    }
    return false;
  }

  /** A dot or a colon belongs to a name only when the name goes on after it. */
  private static boolean goesOn(String message, int at, int direction) {
    if (at < 0 || at >= message.length()) {
      return false;
    }
    char next = message.charAt(at);
    if (next == '.' || next == ':') {
      int beyond = at + direction;
      return beyond >= 0 && beyond < message.length() && isOfNames(message.charAt(beyond));
    }
    return isOfNames(next);
  }

  private static boolean isOfNames(char character) {
    return Character.isLetterOrDigit(character) || "_-/|~@*".indexOf(character) >= 0;
  }
}
