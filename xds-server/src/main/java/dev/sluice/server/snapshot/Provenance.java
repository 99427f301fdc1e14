package dev.sluice.server.snapshot;

import java.util.List;
import java.util.Map;

/**
 * Where a resource comes from, for people to read. It is no part of the resource's version: the
 * same content from another line of a file is the same resource.
 *
 * @param documents the documents that shaped it, each with its place, such as {@code TrafficPolicy
 *     shop/checkout (shop.yaml:3)}
 * @param sources the sources of the facts in it, such as {@code kubernetes}
 * @param parts where a resource has parts of several owners, the documents of each by the part's
 *     name: the virtual hosts of a RouteConfiguration
 */
public record Provenance(
    List<String> documents, List<String> sources, Map<String, List<String>> parts) {
  /** Nothing is known of the origin. */
  public static final Provenance NONE = new Provenance(List.of(), List.of());

  public Provenance {
    documents = List.copyOf(documents);
    sources = List.copyOf(sources);
    parts = Map.copyOf(parts);
  }

  /** The origin of a resource without parts. */
  public Provenance(List<String> documents, List<String> sources) {
    this(documents, sources, Map.of());
  }

  /** {@code documents; from sources}. */
  @Override
  public String toString() {
    String from = sources.isEmpty() ? "" : "from " + String.join(", ", sources);
    if (documents.isEmpty()) {
      return from;
    }
    String shapedBy = String.join(", ", documents);
    return from.isEmpty() ? shapedBy : shapedBy + "; " + from;
  }
}
