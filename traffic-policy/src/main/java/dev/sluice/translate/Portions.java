package dev.sluice.translate;

import dev.sluice.translate.Instance.Backend;
import java.math.BigInteger;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What instances weigh beside each other: where backends have shares, the ready instances of each
 * have its share together, divided by their own weights. A backend without a ready one leaves its
 * share to the others.
 */
final class Portions {
  private Portions() {}

  /** What each weighs, exactly; only the proportions are of interest, and numbers may be large. */
  static Map<Instance, BigInteger> of(List<Instance> instances) {
    Map<Optional<Backend>, BigInteger> ready = new LinkedHashMap<>();
    for (Instance instance : instances) {
      BigInteger own = instance.isReady() ? weight(instance) : BigInteger.ZERO;
      ready.merge(instance.backend(), own, BigInteger::add);
    }
    ready.replaceAll((_, sum) -> sum.max(BigInteger.ONE));
    BigInteger multiple = leastCommonMultiple(ready.values());
    Map<Instance, BigInteger> portions = new LinkedHashMap<>();
    for (Instance instance : instances) {
      Optional<Backend> backend = instance.backend();
      portions.put(
          instance,
          backend.isEmpty()
              ? weight(instance)
              : multiple
                  .divide(ready.getOrDefault(backend, BigInteger.ONE))
                  .multiply(BigInteger.valueOf(backend.get().share()))
                  .multiply(weight(instance)));
    }
    return portions;
  }

  /** Of numbers above zero. */
  static BigInteger leastCommonMultiple(Collection<BigInteger> numbers) {
    BigInteger multiple = BigInteger.ONE;
    for (BigInteger number : numbers) {
      multiple = multiple.divide(multiple.gcd(number)).multiply(number);
    }
    return multiple;
  }

  private static BigInteger weight(Instance instance) {
    return BigInteger.valueOf(instance.weight());
  }
}
