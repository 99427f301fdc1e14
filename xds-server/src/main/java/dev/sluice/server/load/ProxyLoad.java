package dev.sluice.server.load;

import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one proxy reported on its stream.
 *
 * @param node {@code node.id}
 * @param since when the stream began
 * @param reportedAt when the newest report came; empty before the first
 * @param clusters those that carried anything since the stream began
 */
public record ProxyLoad(
    String node,
    Instant since,
    Optional<Instant> reportedAt,
    SortedMap<Upstream, ClusterLoad> clusters) {
  public ProxyLoad {
    clusters = Collections.unmodifiableSortedMap(new TreeMap<>(clusters));
  }

  /** A stream that has reported nothing yet. */
  static ProxyLoad opened(String node, Instant since) {
    return new ProxyLoad(node, since, Optional.empty(), Collections.emptySortedMap());
  }

  /** How many entries it is made of: one for each cluster, and one for each of its localities. */
  int size() {
    return clusters.values().stream().mapToInt(cluster -> 1 + cluster.localities().size()).sum();
  }

  /**
   * One cluster.
   *
   * @param interval the time that the newest report is about; zero when it left the cluster out
   * @param dropped requests that were not sent, in that time
   * @param droppedTotal requests that were not sent since the stream began
   * @param localities where its instances are
   */
  public record ClusterLoad(
      Duration interval,
      long dropped,
      long droppedTotal,
      SortedMap<UpstreamLocality, LocalityLoad> localities) {
    static final ClusterLoad NONE =
        new ClusterLoad(Duration.ZERO, 0, 0, Collections.emptySortedMap());

    public ClusterLoad {
      localities = Collections.unmodifiableSortedMap(new TreeMap<>(localities));
    }
  }

  /**
   * One locality of a cluster.
   *
   * @param latest in the time of the newest report; {@link Requests#NONE} when it left them out
   * @param total since the stream began
   */
  public record LocalityLoad(Requests latest, Requests total) {
    static final LocalityLoad NONE = new LocalityLoad(Requests.NONE, Requests.NONE);
  }
}
