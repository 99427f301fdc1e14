package dev.sluice.spec;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code spec.loadBalancer}: how an instance is picked.
 *
 * @param type null for {@code LeastRequest}
 * @param choices how many instances LeastRequest compares, 2 to 100; null for 2
 * @param hash what ConsistentHash looks at, the first that a request has; empty for nothing
 * @param table entries of ConsistentHash's lookup table, a prime of at most 5000011; null for 65537
 * @param slowStart how a new instance is brought into traffic, with LeastRequest and RoundRobin;
 *     null for at once
 */
public record LoadBalancer(
    @Nullable Type type,
    @Nullable Integer choices,
    List<HashKey> hash,
    @Nullable Integer table,
    @Nullable SlowStart slowStart) {
  public LoadBalancer {
    hash = List.copyOf(hash);
  }

  /** Only of a type, with that type's defaults. */
  public static LoadBalancer of(Type type) {
    return new LoadBalancer(type, null, List.of(), null, null);
  }

  /**
   * {@code spec.loadBalancer.slowStart} ({@code
   * envoy.extensions.load_balancing_policies.common.v3.SlowStartConfig}): within the window a new
   * instance's weight is its own times {@code (age / window) ^ (1 / aggression)}.
   *
   * @param window for how long an instance is new; 0s for no slow start
   * @param aggression 1 for a weight that grows evenly, more for one that grows faster at first;
   *     null for 1
   * @param minWeightPercent of its own weight, what a new instance has at least; null for 10
   */
  public record SlowStart(
      @Required Duration window, @Nullable Factor aggression, @Nullable Percent minWeightPercent) {
    public SlowStart {
      Objects.requireNonNull(window);
    }
  }

  /** How an instance is picked. */
  public enum Type {
    /** The one with the fewest requests under way, of {@code choices} picked at random. */
    LEAST_REQUEST("LeastRequest"),
    /** Each in turn. */
    ROUND_ROBIN("RoundRobin"),
    /** Any. */
    RANDOM("Random"),
    /** The one that {@code hash} falls to; it moves few requests when an instance comes or goes. */
    CONSISTENT_HASH("ConsistentHash");

    private final String text;

    Type(String text) {
      this.text = text;
    }

    /** Whether it can give a new instance less at first. */
    public boolean startsSlowly() {
      return this == LEAST_REQUEST || this == ROUND_ROBIN;
    }

    /** As documents write it. */
    @Override
    public String toString() {
      return text;
    }
  }
}
