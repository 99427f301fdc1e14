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
import java.util.function.ToLongFunction;

/** Instances and their weights ({@code LbEndpoint.load_balancing_weight}), by locality. */
final class Weights {
  /**
   * What the weights of an assignment sum to at most, a quarter of Envoy's own limit of 2^32-1, so
   * that rounding up to one does not pass it.
   */
  private static final BigInteger MOST = BigInteger.valueOf(1L << 30);

  private Weights() {}

  /** Each instance has the weight that its source gives it. */
  static AssignmentInput byInstance(String cluster, List<Instance> instances) {
    Map<Instance, BigInteger> weights = new LinkedHashMap<>();
    for (Instance instance : instances) {
      weights.put(instance, BigInteger.valueOf(instance.weight()));
    }
    return assignment(cluster, fitted(weights), Map.of());
  }

  /** All instances are alike, so that a version's share is that of its instances. */
  static AssignmentInput equal(String cluster, List<Instance> instances) {
    Map<Instance, BigInteger> weights = new LinkedHashMap<>();
    for (Instance instance : instances) {
      weights.put(instance, BigInteger.ONE);
    }
    return assignment(cluster, fitted(weights), Map.of());
  }

  /**
   * The ready instances of each version have its share together, however many they are, divided by
   * their own weights. A version without a share is left out, since no weight can be zero.
   */
  static AssignmentInput byVersion(
      String cluster, Versions versions, SortedMap<String, Long> shares, ClientKind client) {
    Map<String, List<Instance>> wanted = versions.disjoint();
    wanted.keySet().removeIf(version -> shares.getOrDefault(version, 0L) == 0);
    BigInteger multiple = BigInteger.ONE;
    for (List<Instance> instances : wanted.values()) {
      multiple = leastCommonMultiple(multiple, readyWeight(instances).max(BigInteger.ONE));
    }
    Map<Instance, BigInteger> weights = new LinkedHashMap<>();
    Map<Instance, String> subZones = new LinkedHashMap<>();
    for (var entry : wanted.entrySet()) {
      BigInteger ofOne =
          multiple
              .divide(readyWeight(entry.getValue()).max(BigInteger.ONE))
              .multiply(BigInteger.valueOf(shares.getOrDefault(entry.getKey(), 0L)));
      for (Instance instance : entry.getValue()) {
        weights.put(instance, ofOne.multiply(BigInteger.valueOf(instance.weight())));
        if (client == ClientKind.GRPC) {
          subZones.put(instance, entry.getKey());
        }
      }
    }
    return assignment(cluster, fitted(weights), subZones);
  }

  private static BigInteger readyWeight(List<Instance> instances) {
    return BigInteger.valueOf(
        instances.stream().filter(Instance::isReady).mapToLong(Instance::weight).sum());
  }

  private static BigInteger leastCommonMultiple(BigInteger a, BigInteger b) {
    return a.divide(a.gcd(b)).multiply(b);
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
      String cluster, Map<Instance, Long> weights, Map<Instance, String> subZones) {
    return new AssignmentInput(cluster, localities(weights, subZones, weights::get));
  }

  private static List<LocalityEndpoints> localities(
      Map<Instance, Long> weights,
      Map<Instance, String> subZones,
      ToLongFunction<Instance> weight) {
    SortedMap<LocalityEndpoints, List<WeightedEndpoint>> groups = new TreeMap<>();
    for (Instance instance : weights.keySet()) {
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
                  weight.applyAsLong(instance)));
    }
    List<LocalityEndpoints> localities = new ArrayList<>();
    groups.forEach(
        (group, endpoints) ->
            localities.add(new LocalityEndpoints(group.locality(), group.subZone(), endpoints)));
    return localities;
  }
}
