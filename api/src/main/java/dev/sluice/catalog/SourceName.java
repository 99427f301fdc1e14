package dev.sluice.catalog;

import java.util.Objects;

/**
 * Which source a fact came from.
 *
 * @param kind {@code file}, {@code kubernetes} or {@code consul}
 * @param name which one of that kind, such as a cluster's or a data centre's name
 */
public record SourceName(String kind, String name) implements Comparable<SourceName> {
  public SourceName {
    Objects.requireNonNull(kind);
    Objects.requireNonNull(name);
  }

  @Override
  public int compareTo(SourceName other) {
    int byKind = kind.compareTo(other.kind);
    return byKind != 0 ? byKind : name.compareTo(other.name);
  }

  /** {@code kind/name}. */
  @Override
  public String toString() {
    return kind + "/" + name;
  }
}
