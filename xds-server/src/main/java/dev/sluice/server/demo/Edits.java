package dev.sluice.server.demo;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.SortedMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** What a person would change in the demo's files, and how an editor saves it. */
final class Edits {
  private static final Pattern WEIGHTS = Pattern.compile("weights: \\{[^}]*}");

  private Edits() {}

  /** The policy with these weights in its split. */
  static String weights(String policy, SortedMap<String, Integer> weights) {
    String text =
        weights.entrySet().stream()
            .map(entry -> entry.getKey() + ": " + entry.getValue())
            .collect(Collectors.joining(", ", "weights: {", "}"));
    Matcher found = WEIGHTS.matcher(policy);
    if (!found.find()) {
      throw new IllegalArgumentException("the policy has no weights in one line");
    }
    return found.replaceFirst(Matcher.quoteReplacement(text));
  }

  /** The service without the line of the instance at {@code port}. */
  static String without(String service, int port) {
    Pattern line = Pattern.compile("(?m)^ *- \\{.*\\bport: " + port + "\\b.*}\\R");
    String changed = line.matcher(service).replaceFirst("");
    if (changed.equals(service)) {
      throw new IllegalArgumentException("no instance has port " + port + " in a line of its own");
    }
    return changed;
  }

  /** Replaces the file's contents at once: whoever reads it sees the old text or the new. */
  static void save(Path file, String text) throws IOException {
    Path draft = file.resolveSibling("." + file.getFileName() + ".draft");
    Files.writeString(draft, text);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
