package dev.sluice.spec;

import org.jspecify.annotations.Nullable;

/**
 * {@code spec.loadBalancer}: how an instance is picked.
 *
 * @param type null for {@code LeastRequest}
 * @param choices how many instances LeastRequest compares, 2 to 100; null for 2
 */
@Planned({"hash", "table", "slowStart"})
public record LoadBalancer(@Nullable Type type, @Nullable Integer choices) {
  /** How an instance is picked. */
  @Planned("ConsistentHash")
  public enum Type {
    /** The one with the fewest requests under way, of {@code choices} picked at random. */
    LEAST_REQUEST("LeastRequest"),
    /** Each in turn. */
    ROUND_ROBIN("RoundRobin"),
    /** Any. */
    RANDOM("Random"),
    /** Specified, not built yet: a document that asks for it is told so. */
    CONSISTENT_HASH("ConsistentHash");

    private final String text;

    Type(String text) {
      this.text = text;
    }

    /** As documents write it. */
    @Override
    public String toString() {
      return text;
    }
  }
}
