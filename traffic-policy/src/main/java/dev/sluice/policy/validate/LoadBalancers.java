package dev.sluice.policy.validate;

import dev.sluice.spec.LoadBalancer;
import dev.sluice.spec.LoadBalancer.SlowStart;
import dev.sluice.spec.Version;
import java.math.BigInteger;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code loadBalancer}. */
final class LoadBalancers {
  /** {@code Maglev.table_size}: no more than this. */
  private static final int LARGEST_TABLE = 5_000_011;

  private static final int CERTAINTY = 50;

  private LoadBalancers() {}

  /** Its type, or the default. */
  static LoadBalancer.Type type(@Nullable LoadBalancer given) {
    return given == null || given.type() == null ? LoadBalancer.Type.LEAST_REQUEST : given.type();
  }

  /**
   * Checks one section.
   *
   * @param base the section that it is merged over, if any
   */
  static void check(At at, LoadBalancer given, @Nullable LoadBalancer base) {
    at.within("choices", given.choices(), 2, 100);
    HashKeys.check(at.key("hash"), given.hash());
    table(at.key("table"), given.table());
    if (!at.legible()) {
      return;
    }
    LoadBalancer.Type type = given.type() == null ? type(base) : given.type();
    if (given.choices() != null && type != LoadBalancer.Type.LEAST_REQUEST) {
      at.key("choices").error("only LeastRequest has choices, not " + type + "; remove it");
    }
    if (given.table() != null && type != LoadBalancer.Type.CONSISTENT_HASH) {
      at.key("table").error("only ConsistentHash has a table, not " + type + "; remove it");
    }
    SlowStart start = given.slowStart();
    if (start != null && start.window().isPositive() && !type.startsSlowly()) {
      at.key("slowStart")
          .error("only LeastRequest and RoundRobin can start slowly, not " + type + "; remove it");
    }
  }

  private static void table(At at, @Nullable Integer entries) {
    if (entries == null) {
      return;
    }
    if (entries < 2 || entries > LARGEST_TABLE) {
      at.error(entries + " is not within 2.." + LARGEST_TABLE);
    } else if (!isPrime(entries)) {
      at.error(entries + " is no prime number; write such as " + nextPrime(entries));
    }
  }

  private static boolean isPrime(int number) {
    return BigInteger.valueOf(number).isProbablePrime(CERTAINTY);
  }

  /** The largest table is a prime itself, so that there always is one. */
  private static int nextPrime(int number) {
    int next = number;
    while (!isPrime(next)) {
      next++;
    }
    return next;
  }

  /**
   * Checks that what is hashed is said once for all versions: a request is hashed where it is
   * routed, before an instance of its version is picked.
   *
   * @param versions those that may pick by the hash, too
   */
  static void hash(At spec, @Nullable LoadBalancer given, List<Version> versions) {
    At at = spec.key("loadBalancer");
    if (!at.legible() || !spec.key("versions").legible()) {
      return;
    }
    boolean hashes = given != null && !given.hash().isEmpty();
    boolean wanted = type(given) == LoadBalancer.Type.CONSISTENT_HASH;
    if (wanted && !hashes) {
      at.key("type").error("ConsistentHash needs hash; write such as hash: [{header: x-user-id}]");
    }
    for (int i = 0; i < versions.size(); i++) {
      LoadBalancer own = versions.get(i).resilience().loadBalancer();
      At version = spec.key("versions").index(i).key("overrides").key("loadBalancer");
      if (own != null && !own.hash().isEmpty()) {
        version
            .key("hash")
            .error(
                "a request is hashed before its version's instance is picked;"
                    + " move hash to spec.loadBalancer");
      }
      if (own != null && own.type() == LoadBalancer.Type.CONSISTENT_HASH) {
        if (!hashes && !wanted) {
          version
              .key("type")
              .error("ConsistentHash needs hash; add it to spec.loadBalancer, for all versions");
        }
        wanted = true;
      }
    }
    if (hashes && !wanted) {
      at.key("hash")
          .error("only ConsistentHash has a hash; write type: ConsistentHash, or remove it");
    }
  }
}
