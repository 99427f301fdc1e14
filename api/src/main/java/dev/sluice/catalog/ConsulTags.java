package dev.sluice.catalog;

import java.util.Collection;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What an instance's tags and metadata in Consul are called as its labels.
 *
 * <p>A tag {@code key=value} is the label {@code key: value}, up to its first {@code =}; a tag
 * without one, or without anything before it, is the label {@code tag: "true"}. Metadata are labels
 * as they are. Of two that have the same key metadata come before tags, and of tags the first.
 */
public final class ConsulTags {
  /** The value of a label that is but a tag's name. */
  private static final String PRESENT = "true";

  private ConsulTags() {}

  /** The label that {@code tag} becomes. */
  public static Map.Entry<String, String> label(String tag) {
    int equals = tag.indexOf('=');
    return equals <= 0
        ? Map.entry(tag, PRESENT)
        : Map.entry(tag.substring(0, equals), tag.substring(equals + 1));
  }

  /** The labels of an instance that has these tags and metadata. */
  public static SortedMap<String, String> labels(
      Collection<String> tags, Map<String, String> meta) {
    SortedMap<String, String> labels = new TreeMap<>();
    for (String tag : tags) {
      Map.Entry<String, String> label = label(tag);
      labels.putIfAbsent(label.getKey(), label.getValue());
    }
    labels.putAll(meta);
    return labels;
  }
}
