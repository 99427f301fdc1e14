package dev.sluice.e2e;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.assertj.core.api.Assertions;

/**
 * Holds the shares of versions against what a policy promises.
 *
 * <p>Envoy draws a random number for each request, so of n requests a version with share p gets a
 * binomially distributed number, with standard deviation sqrt(n p (1-p)). A correct share lies
 * outside of three standard deviations once in 370 samples, which is too often for a suite that
 * runs all day: such a sample is taken once more, and only two in a row fail (once in 140,000). A
 * wrong share is not let off by that: over 20,000 requests, one that is off by two percentage
 * points lies eight deviations outside, every time.
 */
final class Shares {
  private static final double DEVIATIONS = 3;

  private Shares() {}

  /**
   * Fails when any version's share of two samples in a row is not what is expected.
   *
   * @param expected share by version, from 0 to 1; a share of exactly 0 or 1 allows no other answer
   */
  static void within3Deviations(Map<String, Double> expected, Supplier<TrafficReport> sample) {
    TrafficReport first = sample.get();
    if (outside(expected, first).isEmpty()) {
      return;
    }
    TrafficReport second = sample.get();
    Map<String, Double> outside = outside(expected, second);
    Assertions.assertThat(outside)
        .as("deviations from %s, twice: first %s, then %s", expected, first, second)
        .isEmpty();
  }

  /** How many standard deviations each version is off by, where that is more than three. */
  static Map<String, Double> outside(Map<String, Double> expected, TrafficReport report) {
    Map<String, Double> outside = new TreeMap<>();
    Map<String, Long> counts = new TreeMap<>(report.versions());
    expected.keySet().forEach(version -> counts.putIfAbsent(version, 0L));
    counts.forEach(
        (version, count) -> {
          double share = expected.getOrDefault(version, 0.0);
          double mean = report.count() * share;
          double deviation = Math.sqrt(mean * (1 - share));
          double off = deviation == 0 ? (count - mean) * 1e9 : (count - mean) / deviation;
          if (Math.abs(off) > DEVIATIONS) {
            outside.put(version, off);
          }
        });
    return outside;
  }
}
