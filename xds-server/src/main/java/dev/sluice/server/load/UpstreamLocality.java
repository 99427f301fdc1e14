package dev.sluice.server.load;

import java.util.Comparator;

/**
 * A locality of a cluster's instances; each part is empty where the proxy does not know it.
 *
 * @param priority of the locality in the cluster; 0 is used first
 */
public record UpstreamLocality(String region, String zone, String subZone, int priority)
    implements Comparable<UpstreamLocality> {
  private static final Comparator<UpstreamLocality> ORDER =
      Comparator.comparing(UpstreamLocality::region)
          .thenComparing(UpstreamLocality::zone)
          .thenComparing(UpstreamLocality::subZone)
          .thenComparingInt(UpstreamLocality::priority);

  @Override
  public int compareTo(UpstreamLocality other) {
    return ORDER.compare(this, other);
  }
}
