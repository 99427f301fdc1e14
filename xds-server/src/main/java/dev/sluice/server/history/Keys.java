package dev.sluice.server.history;

import dev.sluice.spec.DocumentKey;
import dev.sluice.spec.Kind;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the keys of documents, as files of the history have them. */
public final class Keys {
  private static final Pattern KEY = Pattern.compile("(\\S+) ([^/]*)/(.*)");

  private Keys() {}

  /** The key that is written {@code Kind namespace/name}; empty where there is no such kind. */
  public static Optional<DocumentKey> parse(String text) {
    Matcher parts = KEY.matcher(text);
    return parts.matches() ? key(parts.group(1), parts.group(2), parts.group(3)) : Optional.empty();
  }

  /** All that are keys of kinds that there are. */
  public static SortedSet<DocumentKey> parse(Collection<String> texts) {
    TreeSet<DocumentKey> keys = new TreeSet<>();
    texts.forEach(text -> parse(text).ifPresent(keys::add));
    return keys;
  }

  static Optional<DocumentKey> key(String kind, String namespace, String name) {
    return Kind.of(kind).map(it -> new DocumentKey(it, namespace, name));
  }
}
