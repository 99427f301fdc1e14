package dev.sluice.problem;

import java.util.regex.Pattern;

/** JSON paths as problems name values: {@code $.spec.versions[0].labels["a.b/c"]}. */
public final class JsonPath {
  /** The document as a whole. */
  public static final String ROOT = "$";

  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_-]+");

  private JsonPath() {}

  /** The path of the value of {@code key} in the mapping at {@code path}. */
  public static String key(String path, String key) {
    if (PLAIN.matcher(key).matches()) {
      return path + "." + key;
    }
    return path + "[\"" + key.replace("\\", "\\\\").replace("\"", "\\\"") + "\"]";
  }

  /** The path of an item, counted from 0, of the list at {@code path}. */
  public static String index(String path, int index) {
    return path + "[" + index + "]";
  }

  /** Whether one of the two values holds the other, or they are the same. */
  public static boolean overlap(String one, String other) {
    return holds(one, other) || holds(other, one);
  }

  private static boolean holds(String outer, String inner) {
    if (!inner.startsWith(outer)) {
      return false;
    }
    return inner.length() == outer.length() || ".[".indexOf(inner.charAt(outer.length())) >= 0;
  }
}
