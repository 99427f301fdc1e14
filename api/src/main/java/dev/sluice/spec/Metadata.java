package dev.sluice.spec;

import java.time.Instant;
import java.util.Collections;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What every document has.
 *
 * @param name a DNS label
 * @param namespace a DNS label; {@code default} where the document names none
 * @param labels free for the author's use
 * @param creationTimestamp when the API server took it; null for files, which are ordered by path
 */
public record Metadata(
    @Required String name,
    String namespace,
    SortedMap<String, String> labels,
    @Nullable Instant creationTimestamp) {
  /** The namespace of documents that name none. */
  public static final String DEFAULT_NAMESPACE = "default";

  public Metadata {
    Objects.requireNonNull(name);
    Objects.requireNonNull(namespace);
    labels = Collections.unmodifiableSortedMap(new TreeMap<>(labels));
  }

  /** A name in a namespace, as a document from a file has it. */
  public static Metadata of(String name, String namespace) {
    return new Metadata(name, namespace, Collections.emptySortedMap(), null);
  }
}
