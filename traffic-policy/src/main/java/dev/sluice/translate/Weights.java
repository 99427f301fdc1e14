package dev.sluice.translate;

import dev.sluice.translate.AssignmentInput.LocalityEndpoints;
import dev.sluice.translate.AssignmentInput.WeightedEndpoint;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Instances and their weights ({@code LbEndpoint.load_balancing_weight}), by locality. */
final class Weights {
  /**
   * What the weights of an assignment sum to at most, a quarter of Envoy's own limit of 2^32-1, so
   * that rounding up to one does not pass it.
   */
  private static final BigInteger MOST = BigInteger.valueOf(1L << 30);

  private Weights() {}

  /** Which instances of an assignment are told of together ({@code LocalityLbEndpoints}). */
  enum Grouping {
    /** Those that run in one place. */
    BY_LOCALITY,
    /**
     * Those of them that have a share together, for clients that know weights of localities but not
     * of endpoints.
     */
    BY_SHARE
  }

  /** Each instance has the weight that its source gives it, or its part of its backend's share. */
  static AssignmentInput byInstance(String cluster, List<Instance> instances, Grouping grouping) {
    return assignment(cluster, Portions.of(instances), ofBackends(instances, grouping));
  }

  /** All instances are alike, so that a version's share is that of its instances. */
  static AssignmentInput equal(String cluster, List<Instance> instances, Grouping grouping) {
    return byInstance(
        cluster, instances.stream().map(instance -> instance.withWeight(1)).toList(), grouping);
  }

  /**
   * The ready instances of each version have its share together, however many they are, divided
   * among its backends by theirs and then by their own weights. A version without a share is left
   * out, since no weight can be zero.
   */
  static AssignmentInput byVersion(
      String cluster, Versions versions, SortedMap<String, Long> shares, Grouping grouping) {
    Map<String, Map<Instance, BigInteger>> wanted = new LinkedHashMap<>();
    Map<String, BigInteger> ready = new LinkedHashMap<>();
    Map<Instance, String> subZones = new LinkedHashMap<>();
    for (var version : versions.disjoint().entrySet()) {
      if (shares.getOrDefault(version.getKey(), 0L) > 0) {
        Map<Instance, BigInteger> portions = Portions.of(version.getValue());
        wanted.put(version.getKey(), portions);
        ready.put(version.getKey(), readySum(portions).max(BigInteger.ONE));
        subZones.putAll(ofVersion(version.getKey(), version.getValue(), grouping));
      }
    }
    BigInteger multiple = Portions.leastCommonMultiple(ready.values());
    Map<Instance, BigInteger> weights = new LinkedHashMap<>();
    wanted.forEach(
        (version, portions) -> {
          BigInteger ofOne =
              multiple
                  .divide(ready.getOrDefault(version, BigInteger.ONE))
                  .multiply(BigInteger.valueOf(shares.getOrDefault(version, 0L)));
          portions.forEach((instance, portion) -> weights.put(instance, ofOne.multiply(portion)));
        });
    return assignment(cluster, weights, subZones);
  }

  private static BigInteger readySum(Map<Instance, BigInteger> weights) {
    BigInteger sum = BigInteger.ZERO;
    for (var entry : weights.entrySet()) {
      sum = entry.getKey().isReady() ? sum.add(entry.getValue()) : sum;
    }
    return sum;
  }

  private static Map<Instance, String> ofBackends(List<Instance> instances, Grouping grouping) {
    Map<Instance, String> subZones = new LinkedHashMap<>();
    if (grouping == Grouping.BY_SHARE) {
      instances.forEach(it -> it.backend().ifPresent(own -> subZones.put(it, own.name())));
    }
    return subZones;
  }

  private static Map<Instance, String> ofVersion(
      String version, List<Instance> instances, Grouping grouping) {
    Map<Instance, String> subZones = new LinkedHashMap<>();
    if (grouping == Grouping.BY_SHARE) {
      instances.forEach(
          it ->
              subZones.put(
                  it, it.backend().map(own -> version + "/" + own.name()).orElse(version)));
    }
    return subZones;
  }

  /**
   * The ready instances' weights without their common divisor, made smaller in proportion where
   * they sum to too much. An instance that drains takes nothing new, so it weighs one.
   */
  private static Map<Instance, Long> fitted(Map<Instance, BigInteger> weights) {
    BigInteger sum = BigInteger.ZERO;
    BigInteger divisor = BigInteger.ZERO;
    for (var entry : weights.entrySet()) {
      if (entry.getKey().isReady()) {
        sum = sum.add(entry.getValue());
        divisor = divisor.gcd(entry.getValue());
      }
    }
    BigInteger step = divisor.max(BigInteger.ONE);
    boolean exact = sum.divide(step).compareTo(MOST) <= 0;
    Map<Instance, Long> fitted = new LinkedHashMap<>();
    for (var entry : weights.entrySet()) {
      BigInteger weight =
          exact
              ? entry.getValue().divide(step)
              : entry.getValue().multiply(MOST).divide(sum).max(BigInteger.ONE);
      fitted.put(entry.getKey(), entry.getKey().isReady() ? weight.longValueExact() : 1L);
    }
    return fitted;
  }

  private static AssignmentInput assignment(
      String cluster, Map<Instance, BigInteger> weights, Map<Instance, String> subZones) {
    return new AssignmentInput(cluster, localities(fitted(weights), subZones));
  }

  private static List<LocalityEndpoints> localities(
      Map<Instance, Long> weights, Map<Instance, String> subZones) {
    SortedMap<LocalityEndpoints, List<WeightedEndpoint>> groups = new TreeMap<>();
    weights.forEach(
        (instance, weight) -> {
          var group =
              new LocalityEndpoints(
                  instance.locality(), subZones.getOrDefault(instance, ""), List.of());
          groups
              .computeIfAbsent(group, _ -> new ArrayList<>())
              .add(
                  new WeightedEndpoint(
                      instance.address().ip(),
                      instance.address().port(),
                      instance.health(),
                      weight));
        });
    List<LocalityEndpoints> localities = new ArrayList<>();
    groups.forEach(
        (group, endpoints) ->
            localities.add(new LocalityEndpoints(group.locality(), group.subZone(), endpoints)));
    return localities;
  }
}
