package dev.sluice.server.load;

import com.google.protobuf.util.Durations;
import dev.sluice.server.load.ProxyLoad.ClusterLoad;
import dev.sluice.server.load.ProxyLoad.LocalityLoad;
import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterStats;
import io.envoyproxy.envoy.config.endpoint.v3.UpstreamLocalityStats;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Folds a proxy's reports, one after the other, into what is known of its load. */
final class ReportFold {
  private final int limit;
  private final TreeMap<Upstream, ClusterLoad> clusters = new TreeMap<>();
  private int size;
  private int leftOut;

  private ReportFold(ProxyLoad before, int limit) {
    this.limit = limit;
    this.size = before.size();
    before.clusters().forEach((upstream, load) -> clusters.put(upstream, idle(load)));
  }

  /**
   * The load after a report.
   *
   * @param leftOut how many entries the limit left no room for
   */
  record Folded(ProxyLoad load, int leftOut) {}

  /**
   * Folds a report into what was known {@code before} it.
   *
   * @param limit of the entries that are kept: see {@link ProxyLoad#size}
   */
  static Folded fold(ProxyLoad before, List<ClusterStats> report, Instant at, int limit) {
    ReportFold fold = new ReportFold(before, limit);
    report.forEach(fold::add);
    ProxyLoad load = new ProxyLoad(before.node(), before.since(), Optional.of(at), fold.clusters);
    return new Folded(load, fold.leftOut);
  }

  /** A cluster, or locality, that the next report leaves out carries nothing. */
  private static ClusterLoad idle(ClusterLoad load) {
    TreeMap<UpstreamLocality, LocalityLoad> localities = new TreeMap<>();
    load.localities()
        .forEach(
            (locality, requests) ->
                localities.put(
                    locality,
                    new LocalityLoad(Requests.NONE, requests.total().then(Requests.NONE))));
    return new ClusterLoad(Duration.ZERO, 0, load.droppedTotal(), localities);
  }

  private void add(ClusterStats stats) {
    boolean carriesNothing =
        stats.getUpstreamLocalityStatsCount() == 0 && stats.getTotalDroppedRequests() == 0;
    Upstream upstream = new Upstream(stats.getClusterName(), stats.getClusterServiceName());
    ClusterLoad known = clusters.get(upstream);
    if (known == null && (carriesNothing || !room())) {
      return;
    }
    ClusterLoad load = known == null ? ClusterLoad.NONE : known;
    TreeMap<UpstreamLocality, LocalityLoad> localities = new TreeMap<>(load.localities());
    stats.getUpstreamLocalityStatsList().forEach(part -> add(localities, part));
    long dropped = stats.getTotalDroppedRequests();
    clusters.put(
        upstream,
        new ClusterLoad(
            Duration.ofNanos(Durations.toNanos(stats.getLoadReportInterval())),
            dropped,
            load.droppedTotal() + dropped,
            localities));
  }

  private void add(
      SortedMap<UpstreamLocality, LocalityLoad> localities, UpstreamLocalityStats stats) {
    Locality where = stats.getLocality();
    UpstreamLocality locality =
        new UpstreamLocality(
            where.getRegion(), where.getZone(), where.getSubZone(), stats.getPriority());
    LocalityLoad known = localities.get(locality);
    if (known == null && !room()) {
      return;
    }
    Requests requests =
        new Requests(
            stats.getTotalIssuedRequests(),
            stats.getTotalSuccessfulRequests(),
            stats.getTotalErrorRequests(),
            stats.getTotalRequestsInProgress());
    LocalityLoad load = known == null ? LocalityLoad.NONE : known;
    localities.put(locality, new LocalityLoad(requests, load.total().then(requests)));
  }

  private boolean room() {
    if (size < limit) {
      size++;
      return true;
    }
    leftOut++;
    return false;
  }
}
