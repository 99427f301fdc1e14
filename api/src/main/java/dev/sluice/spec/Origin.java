package dev.sluice.spec;

import dev.sluice.problem.Location;
import java.util.Map;
import java.util.Objects;

/**
 * Where a document was read.
 *
 * @param start the document's first line
 * @param positions the place of each value by its JSON path, such as {@code
 *     $.spec.split.weights.v1}; empty for documents that have no text
 * @param generation which edition of the document it is, where its source counts them (Kubernetes'
 *     {@code metadata.generation}); else 0
 */
public record Origin(Location start, Map<String, Location> positions, long generation) {
  public Origin {
    Objects.requireNonNull(start);
    positions = Map.copyOf(positions);
  }

  /** An origin whose source counts no editions. */
  public Origin(Location start, Map<String, Location> positions) {
    this(start, positions, 0);
  }

  /** An origin without positions. */
  public static Origin of(Location start) {
    return new Origin(start, Map.of());
  }

  /** The place of the value at {@code path}, or of its nearest parent that has one. */
  public Location at(String path) {
    for (String at = path; !at.isEmpty(); at = parent(at)) {
      Location location = positions.get(at);
      if (location != null) {
        return location;
      }
    }
    return start;
  }

  private static String parent(String path) {
    int cut =
        path.endsWith("\"]")
            ? path.lastIndexOf("[\"")
            : Math.max(path.lastIndexOf('.'), path.lastIndexOf('['));
    return cut < 0 ? "" : path.substring(0, cut);
  }

  @Override
  public String toString() {
    return start.toString();
  }
}
