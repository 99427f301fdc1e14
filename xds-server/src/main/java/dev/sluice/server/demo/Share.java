package dev.sluice.server.demo;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Shares asked for, and whether what was seen fits them. */
final class Share {
  /** Chance exceeds that many standard deviations once in 15,000 looks. */
  private static final double DEVIATIONS = 4;

  private Share() {}

  /** Weights as parts of one; empty where they sum to nothing. */
  static SortedMap<String, Double> of(Map<String, Integer> weights) {
    int sum = weights.values().stream().mapToInt(Integer::intValue).sum();
    SortedMap<String, Double> shares = new TreeMap<>();
    if (sum > 0) {
      weights.forEach((version, weight) -> shares.put(version, (double) weight / sum));
    }
    return shares;
  }

  /**
   * Whether requests that are divided at random explain what was seen.
   *
   * @param asked the share, 0 to 1
   * @param seen how many of {@code all} requests it got
   */
  static boolean fits(double asked, long seen, long all) {
    double deviation = Math.sqrt(all * asked * (1 - asked));
    return Math.abs(seen - all * asked) <= DEVIATIONS * deviation + 1e-6;
  }

  /** Whether every version fits, and no other answered. */
  static boolean fits(Map<String, Integer> weights, Tally tally) {
    SortedMap<String, Double> shares = of(weights);
    return tally.answered() > 0
        && shares.keySet().containsAll(tally.byVersion().keySet())
        && shares.entrySet().stream()
            .allMatch(
                share ->
                    fits(
                        share.getValue(),
                        tally.byVersion().getOrDefault(share.getKey(), 0L),
                        tally.answered()));
  }
}
