package dev.sluice.policy.validate;

import dev.sluice.spec.LoadBalancer;
import dev.sluice.spec.LocalityRouting;
import dev.sluice.spec.LocalityRouting.Mode;
import dev.sluice.spec.LocalityRouting.Nearness;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** {@code locality}. */
final class LocalityRules {
  private static final Pattern PLACE = Pattern.compile("[^/\\s]+(/[^/\\s]+)?");
  private static final int MOST = 1_000_000;

  private LocalityRules() {}

  /** Whether where an instance runs counts. */
  static boolean counts(@Nullable LocalityRouting given) {
    return given != null && given.mode() != null && given.mode() != Mode.NONE;
  }

  /**
   * Checks one section.
   *
   * @param balancer of the same document
   */
  static void check(At at, LocalityRouting given, @Nullable LoadBalancer balancer) {
    at.atLeast("overprovision", given.overprovision(), 100);
    order(at.key("order"), given.order());
    weights(at.key("weights"), given);
    if (!at.legible()) {
      return;
    }
    Mode mode = given.mode();
    if (mode == null) {
      at.error("needs mode: none, failover or weighted");
      return;
    }
    if (!given.order().isEmpty() && mode != Mode.FAILOVER) {
      at.key("order").error("only failover has an order, not " + word(mode) + "; remove it");
    }
    if (!given.weights().isEmpty() && mode != Mode.WEIGHTED) {
      at.key("weights").error("only weighted has weights, not " + word(mode) + "; remove them");
    }
    if (given.weights().isEmpty() && mode == Mode.WEIGHTED) {
      at.key("mode")
          .error("weighted needs weights; write such as weights: {eu-west: 80, us-east: 20}");
    }
    if (mode == Mode.WEIGHTED
        && LoadBalancers.type(balancer) == LoadBalancer.Type.CONSISTENT_HASH) {
      at.key("mode")
          .error(
              "weighted and ConsistentHash exclude each other: the hash spans all localities;"
                  + " use failover or none, or another loadBalancer.type");
    }
  }

  /** From near to far, since what is near is also what is farther. */
  private static void order(At at, List<Nearness> order) {
    for (int i = 1; i < order.size(); i++) {
      Nearness before = order.get(i - 1);
      if (order.get(i).compareTo(before) <= 0) {
        at.index(i)
            .error(
                order.get(i).name().toLowerCase(Locale.ROOT)
                    + " is part of "
                    + before.name().toLowerCase(Locale.ROOT)
                    + ", which stands before it; the order is zone, region, any, each once at most");
      }
    }
  }

  private static void weights(At at, LocalityRouting given) {
    if (!at.legible()) {
      return;
    }
    boolean some = given.weights().isEmpty();
    for (var weight : given.weights().entrySet()) {
      if (!PLACE.matcher(weight.getKey()).matches()) {
        at.key(weight.getKey())
            .error("\"" + weight.getKey() + "\" is no place; write region, or region/zone");
      }
      at.within(weight.getKey(), weight.getValue(), 0, MOST);
      some |= weight.getValue() > 0;
    }
    if (!some) {
      at.error("no place has a weight above 0, so nothing would be called");
    }
  }

  private static String word(Mode mode) {
    return mode.name().toLowerCase(Locale.ROOT);
  }
}
