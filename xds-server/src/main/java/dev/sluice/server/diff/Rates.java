package dev.sluice.server.diff;

import dev.sluice.server.load.Load;
import dev.sluice.server.load.ProxyLoad;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How many requests a minute go to each cluster, by the newest load reports of some proxies.
 *
 * @param perMinute by the cluster's name; none where no request was reported
 */
record Rates(Map<String, Double> perMinute) {

  static Rates of(Load load, Set<String> nodes) {
    Map<String, Double> rates = new HashMap<>();
    for (ProxyLoad proxy : load.proxies()) {
      if (nodes.contains(proxy.node())) {
        proxy
            .clusters()
            .forEach((upstream, its) -> rates.merge(upstream.cluster(), rate(its), Double::sum));
      }
    }
    return new Rates(rates);
  }

  private static double rate(ProxyLoad.ClusterLoad load) {
    Duration interval = load.interval();
    long issued = load.localities().values().stream().mapToLong(one -> one.latest().issued()).sum();
    return interval.isPositive() ? issued * 60e9 / interval.toNanos() : 0;
  }

  /** How many go there; empty where none, or none is known of. */
  OptionalLong ofMinute(String cluster) {
    @Nullable Double rate = perMinute.get(cluster);
    return rate == null || Math.round(rate) == 0
        ? OptionalLong.empty()
        : OptionalLong.of(Math.round(rate));
  }
}
