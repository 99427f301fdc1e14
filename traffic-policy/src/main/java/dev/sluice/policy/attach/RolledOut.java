package dev.sluice.policy.attach;

import dev.sluice.problem.JsonPath;
import dev.sluice.spec.BlueGreen;
import dev.sluice.spec.Canary;
import dev.sluice.spec.Rollout;
import dev.sluice.spec.Split;
import dev.sluice.spec.Split.OnEmpty;
import dev.sluice.spec.TrafficPolicy;
import dev.sluice.spec.TrafficPolicySpec;
import java.math.BigInteger;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Policies with a {@code rollout}, as they are to be attached while it stands somewhere: the
 * rollout's shares as a split in the routes, so that a step is a change of routes alone. A share
 * whose version loses its last ready instance goes to the other one, but for all of it to a new one
 * that has none yet.
 */
public final class RolledOut {
  private RolledOut() {}

  /**
   * The policy while its rollout stands there. The version of {@code blueGreen} that has none of
   * them is the one that {@code preview} reaches.
   *
   * @param policy with a rollout
   * @param rolled with a positive sum of weights; versions that are left out have none
   */
  public static TrafficPolicy of(TrafficPolicy policy, Rolled rolled) {
    SortedMap<String, Integer> weights = rolled.weights();
    Rollout rollout = policy.spec().rollout();
    if (rollout == null) {
      throw new IllegalArgumentException(policy.key() + " has no rollout");
    }
    int divisor = divisor(weights);
    if (divisor == 0) {
      throw new IllegalArgumentException(policy.key() + " cannot stand at " + weights);
    }
    SortedMap<String, Integer> shares = new TreeMap<>(none(rollout));
    weights.forEach((version, weight) -> shares.put(version, weight / divisor));
    Split split = new Split(shares, Split.Mode.CLUSTER, Split.By.WEIGHT, onEmpty(rollout, shares));
    return new TrafficPolicy(
        policy.metadata(), policy.spec().with(split), policy.origin(), rolled.parts());
  }

  /**
   * The policy while nothing of its rollout has happened: a canary's calls go to {@code from},
   * those of a blue-green pair to {@code active}. A policy without a rollout, and one whose split
   * says where its rollout stands, is as it was.
   */
  public static TrafficPolicy atStart(TrafficPolicy policy) {
    Rollout rollout = policy.spec().rollout();
    if (rollout == null || policy.spec().split() != null) {
      return policy;
    }
    Canary canary = rollout.canary();
    BlueGreen blueGreen = rollout.blueGreen();
    if (canary != null) {
      return of(policy, wholly(canary.from()));
    }
    return blueGreen == null ? policy : of(policy, wholly(blueGreen.active()));
  }

  private static Rolled wholly(String version) {
    return Rolled.at(new TreeMap<>(Map.of(version, 1)));
  }

  /** Where the document of these sections names a version that has a share of the calls. */
  static String path(TrafficPolicySpec spec, String version) {
    Rollout rollout = spec.rollout();
    if (rollout == null) {
      return JsonPath.key("$.spec.split.weights", version);
    }
    Canary canary = rollout.canary();
    BlueGreen blueGreen = rollout.blueGreen();
    if (canary != null) {
      return "$.spec.rollout.canary" + key(version, canary.from(), "from", canary.to(), "to");
    }
    return blueGreen == null
        ? "$.spec.rollout"
        : "$.spec.rollout.blueGreen"
            + key(version, blueGreen.active(), "active", blueGreen.standby(), "standby");
  }

  private static String key(
      String version, String one, String keyOfOne, String other, String keyOfOther) {
    if (version.equals(one)) {
      return "." + keyOfOne;
    }
    // Another than both has a share for as long as it takes to follow an edit.
    return version.equals(other) ? "." + keyOfOther : "";
  }

  /** With all at the new version there is nobody else who has a share, but the one before it. */
  private static OnEmpty onEmpty(Rollout rollout, SortedMap<String, Integer> shares) {
    Canary canary = rollout.canary();
    BlueGreen blueGreen = rollout.blueGreen();
    if (canary != null) {
      return onEmpty(canary.from(), canary.to(), shares);
    }
    return blueGreen == null
        ? new OnEmpty.Redistribute()
        : onEmpty(blueGreen.standby(), blueGreen.active(), shares);
  }

  private static OnEmpty onEmpty(String from, String to, SortedMap<String, Integer> shares) {
    boolean isAllAtNew =
        shares.entrySet().stream().allMatch(one -> one.getKey().equals(to) == one.getValue() > 0);
    return isAllAtNew ? new OnEmpty.Fallback(from) : new OnEmpty.Redistribute();
  }

  /** Both versions, without a share. */
  private static Map<String, Integer> none(Rollout rollout) {
    Map<String, Integer> none = new TreeMap<>();
    if (rollout.canary() != null) {
      none.put(rollout.canary().from(), 0);
      none.put(rollout.canary().to(), 0);
    }
    if (rollout.blueGreen() != null) {
      none.put(rollout.blueGreen().active(), 0);
      none.put(rollout.blueGreen().standby(), 0);
    }
    return none;
  }

  private static int divisor(SortedMap<String, Integer> weights) {
    return weights.values().stream()
        .map(BigInteger::valueOf)
        .reduce(BigInteger.ZERO, BigInteger::gcd)
        .intValue();
  }
}
