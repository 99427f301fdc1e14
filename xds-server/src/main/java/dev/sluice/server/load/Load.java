package dev.sluice.server.load;

import dev.sluice.server.load.ProxyLoad.ClusterLoad;
import java.time.Duration;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The load of all proxies that report it.
 *
 * @param proxies each by itself, sorted by node id
 * @param clusters the sums over them
 */
public record Load(List<ProxyLoad> proxies, SortedMap<Upstream, ClusterSum> clusters) {
  public Load {
    proxies = List.copyOf(proxies);
    clusters = Collections.unmodifiableSortedMap(new TreeMap<>(clusters));
  }

  /**
   * A cluster's load.
   *
   * @param dropped requests that were not sent since the proxies' streams began
   * @param droppedPerSecond as in the newest reports
   * @param localities where its instances are
   */
  public record ClusterSum(
      long dropped, double droppedPerSecond, SortedMap<UpstreamLocality, LocalitySum> localities) {
    static final ClusterSum NONE = new ClusterSum(0, 0, Collections.emptySortedMap());

    public ClusterSum {
      localities = Collections.unmodifiableSortedMap(new TreeMap<>(localities));
    }
  }

  /**
   * The load of one locality.
   *
   * @param requests since the proxies' streams began
   * @param perSecond requests that began, as in the newest reports
   */
  public record LocalitySum(Requests requests, double perSecond) {
    LocalitySum plus(LocalitySum other) {
      return new LocalitySum(requests.plus(other.requests), perSecond + other.perSecond);
    }
  }

  /** The load of {@code proxies} and its sums. */
  public static Load of(Collection<ProxyLoad> proxies) {
    TreeMap<Upstream, ClusterSum> sums = new TreeMap<>();
    for (ProxyLoad proxy : proxies) {
      proxy
          .clusters()
          .forEach(
              (upstream, load) ->
                  sums.put(upstream, plus(sums.getOrDefault(upstream, ClusterSum.NONE), load)));
    }
    return new Load(
        proxies.stream()
            .sorted(Comparator.comparing(ProxyLoad::node).thenComparing(ProxyLoad::since))
            .toList(),
        sums);
  }

  private static ClusterSum plus(ClusterSum sum, ClusterLoad load) {
    TreeMap<UpstreamLocality, LocalitySum> localities = new TreeMap<>(sum.localities());
    load.localities()
        .forEach(
            (locality, requests) ->
                localities.merge(
                    locality,
                    new LocalitySum(
                        requests.total(), perSecond(requests.latest().issued(), load.interval())),
                    LocalitySum::plus));
    return new ClusterSum(
        sum.dropped() + load.droppedTotal(),
        sum.droppedPerSecond() + perSecond(load.dropped(), load.interval()),
        localities);
  }

  private static double perSecond(long count, Duration interval) {
    return interval.isPositive() ? count * 1e9 / interval.toNanos() : 0;
  }
}
