package dev.sluice.server.load;

import io.envoyproxy.envoy.config.core.v3.Locality;
import io.envoyproxy.envoy.config.endpoint.v3.ClusterStats;
import io.envoyproxy.envoy.config.endpoint.v3.UpstreamLocalityStats;

/** Small load reports. */
final class Stats {
  private Stats() {}

  /** A cluster's report of the last ten seconds. */
  static ClusterStats cluster(String name, long dropped, UpstreamLocalityStats... localities) {
    ClusterStats.Builder stats =
        ClusterStats.newBuilder().setClusterName(name).setTotalDroppedRequests(dropped);
    for (UpstreamLocalityStats locality : localities) {
      stats.addUpstreamLocalityStats(locality);
    }
    stats.getLoadReportIntervalBuilder().setSeconds(10);
    return stats.build();
  }

  static UpstreamLocalityStats zone(String zone, Requests requests) {
    return UpstreamLocalityStats.newBuilder()
        .setLocality(Locality.newBuilder().setRegion("r").setZone(zone))
        .setTotalIssuedRequests(requests.issued())
        .setTotalSuccessfulRequests(requests.successful())
        .setTotalErrorRequests(requests.failed())
        .setTotalRequestsInProgress(requests.inProgress())
        .build();
  }

  static UpstreamLocality zone(String zone) {
    return new UpstreamLocality("r", zone, "", 0);
  }
}
