package dev.sluice.translate;

import dev.sluice.catalog.Health;
import dev.sluice.catalog.Locality;
import dev.sluice.policy.attach.LocalityPolicy;
import dev.sluice.spec.LocalityRouting.Nearness;
import dev.sluice.translate.AssignmentInput.LocalityEndpoints;
import dev.sluice.translate.AssignmentInput.WeightedEndpoint;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** Prefers instances by where they run ({@code LocalityLbEndpoints}' priority and weight). */
final class Localities {
  /** What the weights of an assignment's localities sum to at most. */
  private static final BigInteger MOST = BigInteger.valueOf(1L << 30);

  private Localities() {}

  /**
   * The instances by how near they are to {@code caller}, in priorities without gaps. A caller of
   * whom it is not known where it runs has all in one.
   */
  static AssignmentInput nearest(
      AssignmentInput input, LocalityPolicy.Failover policy, Locality caller) {
    if (caller.equals(Locality.UNKNOWN)) {
      return input.preferring(input.localities(), policy.overprovision());
    }
    SortedMap<Integer, List<LocalityEndpoints>> ranks = new TreeMap<>();
    for (LocalityEndpoints each : input.localities()) {
      int rank = rank(each.locality(), policy.order(), caller);
      if (rank >= 0) {
        ranks.computeIfAbsent(rank, _ -> new ArrayList<>()).add(each);
      }
    }
    List<LocalityEndpoints> ordered = new ArrayList<>();
    int priority = 0;
    for (List<LocalityEndpoints> group : ranks.values()) {
      for (LocalityEndpoints each : group) {
        ordered.add(each.at(priority));
      }
      priority++;
    }
    return input.preferring(ordered, policy.overprovision());
  }

  /** The place of {@code locality} in the order; -1 where it has none. */
  private static int rank(Locality locality, List<Nearness> order, Locality caller) {
    boolean region = !caller.region().isEmpty() && caller.region().equals(locality.region());
    boolean zone = region && !caller.zone().isEmpty() && caller.zone().equals(locality.zone());
    for (int i = 0; i < order.size(); i++) {
      boolean holds =
          switch (order.get(i)) {
            case ZONE -> zone;
            case REGION -> region;
            case ANY -> true;
          };
      if (holds) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Localities with the weights that the policy gives them. What a whole region is given is divided
   * among its zones by their instances; a place that is given nothing is left out.
   */
  static AssignmentInput weighted(AssignmentInput input, LocalityPolicy.Weighted policy) {
    SortedMap<String, BigInteger> instances = new TreeMap<>();
    List<LocalityEndpoints> wanted = new ArrayList<>();
    for (LocalityEndpoints each : input.localities()) {
      String place = place(each.locality(), policy.weights());
      if (policy.weights().getOrDefault(place, 0) > 0) {
        wanted.add(each);
        instances.merge(place, staying(each), BigInteger::add);
      }
    }
    BigInteger multiple = BigInteger.ONE;
    for (BigInteger sum : new TreeSet<>(instances.values())) {
      multiple = multiple.divide(multiple.gcd(sum)).multiply(sum);
    }
    List<BigInteger> weights = new ArrayList<>();
    for (LocalityEndpoints each : wanted) {
      String place = place(each.locality(), policy.weights());
      weights.add(
          BigInteger.valueOf(policy.weights().getOrDefault(place, 0))
              .multiply(staying(each))
              .multiply(multiple)
              .divide(instances.getOrDefault(place, BigInteger.ONE)));
    }
    List<Long> fitted = fitted(weights);
    List<LocalityEndpoints> weighted = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      weighted.add(wanted.get(i).weighing(fitted.get(i)));
    }
    return input.preferring(weighted, policy.overprovision());
  }

  /** What the weights know a locality by; empty where they do not. */
  private static String place(Locality locality, SortedMap<String, Integer> weights) {
    String zone = locality.region() + "/" + locality.zone();
    if (weights.containsKey(zone)) {
      return zone;
    }
    return weights.containsKey(locality.region()) ? locality.region() : "";
  }

  /**
   * Instances that do not leave, whether they can be called or not: Envoy itself gives a locality
   * less whose instances cannot be called.
   */
  private static BigInteger staying(LocalityEndpoints locality) {
    long sum = 0;
    for (WeightedEndpoint endpoint : locality.endpoints()) {
      sum += endpoint.health() == Health.DRAINING ? 0 : endpoint.weight();
    }
    return BigInteger.valueOf(Math.max(1, sum));
  }

  /** Without their common divisor, and made smaller in proportion where they sum to too much. */
  private static List<Long> fitted(List<BigInteger> weights) {
    BigInteger divisor = BigInteger.ZERO;
    for (BigInteger weight : weights) {
      divisor = divisor.gcd(weight);
    }
    BigInteger step = divisor.max(BigInteger.ONE);
    BigInteger sum = BigInteger.ZERO;
    for (BigInteger weight : weights) {
      sum = sum.add(weight.divide(step));
    }
    BigInteger total = sum;
    return weights.stream()
        .map(weight -> weight.divide(step))
        .map(
            weight ->
                total.compareTo(MOST) <= 0
                    ? weight
                    : weight.multiply(MOST).divide(total).max(BigInteger.ONE))
        .map(BigInteger::longValueExact)
        .toList();
  }
}
