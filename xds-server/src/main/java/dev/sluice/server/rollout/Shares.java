package dev.sluice.server.rollout;

import dev.sluice.spec.Percent;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * How the traffic is divided among versions.
 *
 * @param byVersion of each its share in millionths, 0 to 1,000,000, together 1,000,000
 * @param part where only some instances of a version take part, which; empty for all of all
 */
public record Shares(SortedMap<String, Integer> byVersion, Optional<Part> part) {
  /** All of the traffic. */
  public static final int WHOLE = 1_000_000;

  public Shares {
    byVersion = Collections.unmodifiableSortedMap(new TreeMap<>(byVersion));
    int sum = byVersion.values().stream().mapToInt(Integer::intValue).sum();
    if (sum != WHOLE || byVersion.values().stream().anyMatch(share -> share < 0)) {
      throw new IllegalArgumentException("shares are not of a whole: " + byVersion);
    }
    Objects.requireNonNull(part);
  }

  /** Of all instances. */
  public Shares(SortedMap<String, Integer> byVersion) {
    this(byVersion, Optional.empty());
  }

  /** The instances of {@code part} and so many of {@code from} have an equal share each. */
  static Shares of(String from, int instances, Part part) {
    long ofPart = (long) part.count() * WHOLE / (Math.max(1, instances) + part.count());
    return new Shares(of(from, part.version(), (int) ofPart).byVersion(), Optional.of(part));
  }

  /** {@code to} has this much, and {@code from} the rest. */
  public static Shares of(String from, String to, int share) {
    return new Shares(new TreeMap<>(Map.of(from, WHOLE - share, to, share)));
  }

  /** The same where only some instances take part. */
  Shares with(Part some) {
    return new Shares(byVersion, Optional.of(some));
  }

  /** The share of {@code version} in millionths; 0 for one that is not among them. */
  public int of(String version) {
    return byVersion.getOrDefault(version, 0);
  }

  /** Whether {@code version} has all of it. */
  public boolean isWholly(String version) {
    return of(version) == WHOLE;
  }

  /** The version that has most; of equals the first by name. */
  public String largest() {
    String largest = byVersion.firstKey();
    for (String version : byVersion.keySet()) {
      largest = of(version) > of(largest) ? version : largest;
    }
    return largest;
  }

  /** The versions that have more of it than in {@code before}. */
  public SortedSet<String> gainers(Shares before) {
    SortedSet<String> gainers = new TreeSet<>(byVersion.keySet());
    gainers.removeIf(version -> of(version) <= before.of(version));
    return gainers;
  }

  @Override
  public String toString() {
    return byVersion.entrySet().stream()
            .map(share -> share.getKey() + " " + new Percent(share.getValue()) + " %")
            .collect(Collectors.joining(", "))
        + part.map(it -> " (%d instances of %s)".formatted(it.count(), it.version())).orElse("");
  }
}
