package dev.sluice.server.demo;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Some requests, counted.
 *
 * @param requests how many
 * @param failures how many of them failed
 * @param byVersion how many each version answered
 * @param instances which instances of each version answered
 * @param median half of the requests took at most this; zero without requests
 * @param p99 99 of 100 requests took at most this; zero without requests
 */
record Tally(
    long requests,
    long failures,
    SortedMap<String, Long> byVersion,
    SortedMap<String, SortedSet<String>> instances,
    Duration median,
    Duration p99) {
  Tally {
    byVersion = Collections.unmodifiableSortedMap(new TreeMap<>(byVersion));
    instances = Collections.unmodifiableSortedMap(new TreeMap<>(instances));
  }

  static Tally of(List<Sample> samples) {
    SortedMap<String, Long> byVersion = new TreeMap<>();
    SortedMap<String, SortedSet<String>> instances = new TreeMap<>();
    long failures = 0;
    for (Sample sample : samples) {
      if (sample.hasFailed()) {
        failures++;
      } else {
        byVersion.merge(sample.version(), 1L, Long::sum);
        instances.computeIfAbsent(sample.version(), _ -> new TreeSet<>()).add(sample.instance());
      }
    }
    long[] sorted = samples.stream().mapToLong(Sample::nanos).sorted().toArray();
    return new Tally(
        samples.size(),
        failures,
        byVersion,
        instances,
        percentile(sorted, 50),
        percentile(sorted, 99));
  }

  /** How many requests were answered. */
  long answered() {
    return requests - failures;
  }

  /** The part of the answers, 0 to 1, that came from {@code version}; 0 without answers. */
  double share(String version) {
    return answered() == 0 ? 0 : (double) byVersion.getOrDefault(version, 0L) / answered();
  }

  private static Duration percentile(long[] sorted, int percent) {
    if (sorted.length == 0) {
      return Duration.ZERO;
    }
    int rank = (int) Math.ceil(sorted.length * (percent / 100.0));
    return Duration.ofNanos(sorted[Math.max(rank, 1) - 1]);
  }
}
